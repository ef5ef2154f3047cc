public import JSON

/// One message of a prompt.
///
/// Source: "Prompts", all revisions.
public struct PromptMessage: JSONObjectView {
    /// The message as received.
    public var json: JSONObject

    /// Looks at an object as a message.
    public init(json: JSONObject) {
        self.json = json
    }

    /// Creates a message.
    public init(role: Role, content: ContentBlock) {
        self.init(json: [:])
        self.role = role
        self.content = content
    }

    /// Who speaks.
    public var role: Role? {
        get { self["role"] }
        set { self["role"] = newValue }
    }

    /// What is said.
    public var content: ContentBlock? {
        get { self["content"] }
        set { self["content"] = newValue }
    }

    /// What the schemas say.
    public static let members: [Member] = [
        .required("role", Role.shape),
        .required("content", .view(ContentBlock.self)),
    ]
}
