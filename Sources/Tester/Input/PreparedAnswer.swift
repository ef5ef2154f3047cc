public import JSON
package import MCP
package import MCPClient

/// An answer prepared for an input request that may come.
public struct PreparedAnswer: Sendable {
    /// The conditions on an input request, all of which must hold.
    struct Match: Sendable {
        var kind: ReceivedInputRequest.Kind?
        var key: String?
        var messageContains: String?
        /// The names of fields that the form must have.
        var fields: [String] = []
    }

    /// Its position in the list, from 1.
    let place: Int
    let match: Match
    let answer: JSONObject

    /// Reads an answer with an optional `match` of `kind`, `key`, `message_contains` and `fields`.
    ///
    /// - Throws: ``Failure`` of the class `usage`.
    public init(_ json: JSONObject, place: Int) throws(Failure) {
        self.place = place
        var answer = json
        answer["match"] = nil
        self.answer = answer
        var match = Match()
        if let given = json["match"], !given.isNull {
            guard let object = given.object else {
                throw .usage("`match` of answer \(place) is not an object.", nextStep: Self.advice)
            }
            for member in object.members {
                switch (member.key, member.value) {
                case ("kind", .string(let name)):
                    guard let kind = ReceivedInputRequest.Kind(rawValue: name) else {
                        throw .usage(
                            "`match` of answer \(place) has the unknown kind \"\(name)\".",
                            nextStep: Self.advice
                        )
                    }
                    match.kind = kind
                case ("key", .string(let key)): match.key = key
                case ("message_contains", .string(let text)): match.messageContains = text
                case ("fields", .array(let names)): match.fields = names.compactMap(\.string)
                default:
                    throw .usage("`match` of answer \(place) has an invalid `\(member.key)`.", nextStep: Self.advice)
                }
            }
        }
        if match.kind == nil { match.kind = try Self.kind(of: answer, place: place) }
        self.match = match
    }

    private static let advice =
        "Give an object with kind (elicitation, sampling, roots), key, message_contains or fields, or omit match."

    /// The only kind that an answer fits; `nil` if it fits all, such as declining.
    private static func kind(of answer: JSONObject, place: Int) throws(Failure) -> ReceivedInputRequest.Kind? {
        if answer["content"]?.object?["type"] == nil, answer["content"]?.object != nil || answer["action"] == "accept" {
            return .elicitation
        }
        if answer["roots"] != nil { return .roots }
        if ["text", "message", "content", "role"].contains(where: { answer[$0] != nil }) { return .sampling }
        if answer["action"] != nil || answer["error"] != nil { return nil }
        throw .usage(
            answer.members.isEmpty
                ? "Answer \(place) is empty."
                : "Answer \(place) has none of action, content, text, message, roots; it has "
                    + answer.members.map { "`\($0.key)`" }.joined(separator: ", ") + ".",
            nextStep: "Give action and content for a form, text for a model's message, or roots."
        )
    }

    /// Whether it was prepared for such an input request.
    func matches(_ request: ReceivedInputRequest) -> Bool {
        if let kind = match.kind, kind != request.kind { return false }
        if let key = match.key, key != request.key { return false }
        if let text = match.messageContains, !(request.message?.contains(text) ?? false) { return false }
        guard !match.fields.isEmpty else { return true }
        let names = request.formFields.map(\.name)
        return match.fields.allSatisfy { names.contains($0) }
    }
}

extension ReceivedInputRequest {
    /// The fields of the form, in order; empty if it is not a form.
    package var formFields: [(name: String, field: ElicitationField)] {
        guard mode == .form, let schema = params["requestedSchema"]?.value().object else { return [] }
        return ElicitationSchema(json: schema).fields
    }

    /// The names of the required fields.
    package var requiredFields: Set<String> {
        Set(params["requestedSchema"]?["required"]?.value().array?.compactMap(\.string) ?? [])
    }
}
