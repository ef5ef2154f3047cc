public import JSON

/// The result of a request that the server can only serve once it knows more.
///
/// Source: 2026-07-28, "Multi round-trip requests".
public struct InputRequiredResult: ResultView {
    /// The wrapped JSON object.
    public var json: JSONObject

    /// Wraps a JSON object without validating it.
    public init(json: JSONObject) {
        self.json = json
    }

    /// Creates a result that requests input.
    public init(_ questions: [(key: String, request: InputRequest)], requestState: String? = nil) {
        self.init(json: [:])
        resultType = .inputRequired
        if !questions.isEmpty {
            inputRequests = JSONObject(questions.map { JSONObject.Member(key: $0.key, value: $0.request.jsonValue) })
        }
        self.requestState = requestState
    }

    /// The input requests by key.
    public var inputRequests: JSONObject? {
        get { self["inputRequests"] }
        set { self["inputRequests"] = newValue }
    }

    /// State to send back unchanged with the retry.
    public var requestState: String? {
        get { self["requestState"] }
        set { self["requestState"] = newValue }
    }

    /// The input requests in order.
    ///
    /// Entries that are not objects are skipped.
    public var questions: [(key: String, request: InputRequest)] {
        (inputRequests?.members ?? []).compactMap { member in
            InputRequest(jsonValue: member.value).map { (member.key, $0) }
        }
    }

    /// Returns the violations of the schema.
    ///
    /// A result with neither input requests nor state would request nothing.
    public func problems(in revision: Revision) -> [Problem] {
        var problems = Self.members.problems(of: json, in: revision)
        if json["inputRequests"] == nil, json["requestState"] == nil {
            problems.append(
                Problem("Both `inputRequests` and `requestState` are missing; revision \(revision) requires one.")
            )
        }
        return problems
    }

    /// The member rules of all revisions.
    public static let members: [Member] =
        .result(
            .optional("inputRequests", .map(.view(InputRequest.self)), since: .v2026_07_28),
            .optional("requestState", .string, since: .v2026_07_28)
        )
}
