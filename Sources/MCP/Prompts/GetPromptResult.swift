public import JSON

/// The result of `prompts/get`.
///
/// Source: "Prompts", all revisions.
public struct GetPromptResult: ResultView {
    /// The wrapped JSON object.
    public var json: JSONObject

    /// Wraps a JSON object without validating it.
    public init(json: JSONObject) {
        self.json = json
    }

    /// Creates a result.
    public init(messages: [PromptMessage], description: String? = nil) {
        self.init(json: [:])
        self.description = description
        self.messages = messages
    }

    /// A description of the prompt.
    public var description: String? {
        get { self["description"] }
        set { self["description"] = newValue }
    }

    /// The messages with the arguments filled in.
    public var messages: [PromptMessage]? {
        get { self["messages"] }
        set { self["messages"] = newValue }
    }

    /// The member rules of all revisions.
    public static let members: [Member] = .result(
        .optional("description", .string),
        .required("messages", .arrayOf(PromptMessage.self))
    )
}
