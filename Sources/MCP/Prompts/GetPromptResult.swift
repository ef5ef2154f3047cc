public import JSON

/// The result of `prompts/get`.
///
/// Source: "Prompts", all revisions.
public struct GetPromptResult: ResultView {
    /// The result as received.
    public var json: JSONObject

    /// Looks at an object as a result.
    public init(json: JSONObject) {
        self.json = json
    }

    /// Creates a result.
    public init(messages: [PromptMessage], description: String? = nil) {
        self.init(json: [:])
        self.description = description
        self.messages = messages
    }

    /// What the prompt is for.
    public var description: String? {
        get { self["description"] }
        set { self["description"] = newValue }
    }

    /// The prompt with its gaps filled in.
    public var messages: [PromptMessage]? {
        get { self["messages"] }
        set { self["messages"] = newValue }
    }

    /// What the schemas say.
    public static let members: [Member] = .result(
        .optional("description", .string),
        .required("messages", .arrayOf(PromptMessage.self))
    )
}
