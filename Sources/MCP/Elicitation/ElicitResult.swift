public import JSON

/// The result of `elicitation/create`.
///
/// Source: "Elicitation", since 2025-06-18.
public struct ElicitResult: ResultView {
    /// The wrapped JSON object.
    public var json: JSONObject

    /// Wraps a JSON object without validating it.
    public init(json: JSONObject) {
        self.json = json
    }

    /// Creates a result.
    public init(action: ElicitationAction, content: JSONObject? = nil) {
        self.init(json: [:])
        self.action = action
        self.content = content
    }

    /// The user's decision.
    public var action: ElicitationAction? {
        get { self["action"] }
        set { self["action"] = newValue }
    }

    /// The values that the user entered, if the user accepted a form.
    public var content: JSONObject? {
        get { self["content"] }
        set { self["content"] = newValue }
    }

    /// The member rules of all revisions.
    public static let members: [Member] = .inputResult(
        .required("action", .oneOf(ElicitationAction.allCases.map(\.rawValue))),
        .optional("content", .object)
    )
}
