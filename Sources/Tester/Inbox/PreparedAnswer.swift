public import JSON
package import MCP
package import MCPClient

/// An answer that waits for its question.
public struct PreparedAnswer: Sendable {
    /// What a question must be like; everything that is said must hold.
    struct Match: Sendable {
        var kind: ReceivedInputRequest.Kind?
        var key: String?
        var messageContains: String?
        /// Names of fields that the form must have.
        var fields: [String] = []
    }

    /// How it is named in what is said about it: its place, from 1.
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
                throw .usage("match of answer \(place) is no object.", nextStep: Self.advice)
            }
            for member in object.members {
                switch (member.key, member.value) {
                case ("kind", .string(let name)):
                    guard let kind = ReceivedInputRequest.Kind(rawValue: name) else {
                        throw .usage("Report \(place) matches the unknown kind \"\(name)\".", nextStep: Self.advice)
                    }
                    match.kind = kind
                case ("key", .string(let key)): match.key = key
                case ("message_contains", .string(let text)): match.messageContains = text
                case ("fields", .array(let names)): match.fields = names.compactMap(\.string)
                default:
                    throw .usage("match of answer \(place) has a wrong \"\(member.key)\".", nextStep: Self.advice)
                }
            }
        }
        if match.kind == nil { match.kind = try Self.kind(of: answer, place: place) }
        self.match = match
    }

    private static let advice =
        "match is an object with kind (elicitation, sampling, roots), key, message_contains or fields, or is left out."

    /// What an answer can only be an answer to; nothing for a no, which fits all.
    private static func kind(of answer: JSONObject, place: Int) throws(Failure) -> ReceivedInputRequest.Kind? {
        if answer["content"]?.object?["type"] == nil, answer["content"]?.object != nil || answer["action"] == "accept" {
            return .elicitation
        }
        if answer["roots"] != nil { return .roots }
        if ["text", "message", "content", "role"].contains(where: { answer[$0] != nil }) { return .sampling }
        if answer["action"] != nil || answer["error"] != nil { return nil }
        throw .usage(
            "Report \(place) says nothing.",
            nextStep: "Give action and content for a form, text for a model's message, or roots."
        )
    }

    /// Tells whether it was prepared for such a question.
    func matches(_ question: ReceivedInputRequest) -> Bool {
        if let kind = match.kind, kind != question.kind { return false }
        if let key = match.key, key != question.key { return false }
        if let text = match.messageContains, !(question.message?.contains(text) ?? false) { return false }
        guard !match.fields.isEmpty else { return true }
        let names = question.formFields.map(\.name)
        return match.fields.allSatisfy { names.contains($0) }
    }
}

extension ReceivedInputRequest {
    /// The fields of the form, in order; none where it is no form.
    package var formFields: [(name: String, field: ElicitationField)] {
        guard mode == .form, let schema = params["requestedSchema"]?.value().object else { return [] }
        return ElicitationSchema(json: schema).fields
    }

    /// The names of the fields that must be filled in.
    package var requiredFields: Set<String> {
        Set(params["requestedSchema"]?["required"]?.value().array?.compactMap(\.string) ?? [])
    }
}
