public import JSON

/// The result of a request that the server can only serve once it knows more.
///
/// Source: 2026-07-28, "Multi round-trip requests".
public struct InputRequiredResult: ResultView {
    /// The result as received.
    public var json: JSONObject

    /// Looks at an object as a result.
    public init(json: JSONObject) {
        self.json = json
    }

    /// Asks for input.
    public init(_ questions: [(key: String, request: InputRequest)], requestState: String? = nil) {
        self.init(json: [:])
        resultType = .inputRequired
        if !questions.isEmpty {
            inputRequests = JSONObject(questions.map { JSONObject.Member(key: $0.key, value: $0.request.jsonValue) })
        }
        self.requestState = requestState
    }

    /// The questions, by keys that the answers repeat.
    public var inputRequests: JSONObject? {
        get { self["inputRequests"] }
        set { self["inputRequests"] = newValue }
    }

    /// What to send back unread with the retry.
    public var requestState: String? {
        get { self["requestState"] }
        set { self["requestState"] = newValue }
    }

    /// The questions in the order in which they were asked; entries that are no objects are left out.
    public var questions: [(key: String, request: InputRequest)] {
        (inputRequests?.members ?? []).compactMap { member in
            InputRequest(jsonValue: member.value).map { (member.key, $0) }
        }
    }

    /// Lists what is wrong; a result without questions and without state would ask for nothing.
    public func problems(in revision: Revision) -> [Problem] {
        var problems = Self.members.problems(of: json, in: revision)
        if json["inputRequests"] == nil, json["requestState"] == nil {
            problems.append(
                Problem("Neither “inputRequests” nor “requestState” is there: revision \(revision) requires one.")
            )
        }
        return problems
    }

    /// What the schemas say.
    public static let members: [Member] =
        .result(
            .optional("inputRequests", .map(.view(InputRequest.self)), since: .v2026_07_28),
            .optional("requestState", .string, since: .v2026_07_28)
        )
}
