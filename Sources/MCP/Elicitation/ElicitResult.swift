public import JSON

/// The result of `elicitation/create`.
///
/// Source: "Elicitation", since 2025-06-18.
public struct ElicitResult: ResultView {
    /// The result as received.
    public var json: JSONObject

    /// Looks at an object as a result.
    public init(json: JSONObject) {
        self.json = json
    }

    /// Creates a result.
    public init(action: ElicitationAction, content: JSONObject? = nil) {
        self.init(json: [:])
        self.action = action
        self.content = content
    }

    /// What the user did.
    public var action: ElicitationAction? {
        get { self["action"] }
        set { self["action"] = newValue }
    }

    /// What the user filled in, after accepting a form.
    public var content: JSONObject? {
        get { self["content"] }
        set { self["content"] = newValue }
    }

    /// What the schemas say.
    public static let members: [Member] = .inputResult(
        .required("action", .oneOf(ElicitationAction.allCases.map(\.rawValue))),
        .optional("content", .object)
    )
}
