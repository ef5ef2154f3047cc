public import JSON

/// One message of a prompt.
///
/// Source: "Prompts", all revisions.
public struct PromptMessage: JSONObjectView {
    /// The wrapped JSON object.
    public var json: JSONObject

    /// Wraps a JSON object without validating it.
    public init(json: JSONObject) {
        self.json = json
    }

    /// Creates a message.
    public init(role: Role, content: ContentBlock) {
        self.init(json: [:])
        self.role = role
        self.content = content
    }

    /// The speaker.
    public var role: Role? {
        get { self["role"] }
        set { self["role"] = newValue }
    }

    /// The content of the message.
    public var content: ContentBlock? {
        get { self["content"] }
        set { self["content"] = newValue }
    }

    /// The member rules of all revisions.
    public static let members: [Member] = [
        .required("role", Role.shape),
        .required("content", .view(ContentBlock.self)),
    ]
}
