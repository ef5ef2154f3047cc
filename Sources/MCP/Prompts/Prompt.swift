public import JSON

/// A template for a message or conversation, with arguments to fill in.
///
/// Source: "Prompts", all revisions.
public struct Prompt: IllustratedView {
    /// The wrapped JSON object.
    public var json: JSONObject

    /// Wraps a JSON object without validating it.
    public init(json: JSONObject) {
        self.json = json
    }

    /// Creates a prompt.
    public init(name: String, description: String? = nil, arguments: [PromptArgument]? = nil) {
        self.init(json: [:])
        self.name = name
        self.description = description
        self.arguments = arguments
    }

    /// The arguments.
    public var arguments: [PromptArgument]? {
        get { self["arguments"] }
        set { self["arguments"] = newValue }
    }

    /// The member rules of all revisions.
    public static let members: [Member] = [
        .required("name", .string),
        .optional("title", .string, since: .v2025_06_18),
        .optional("description", .string),
        .optional("arguments", .arrayOf(PromptArgument.self)),
        .optional("icons", .arrayOf(Icon.self), since: .v2025_11_25),
        .optional("_meta", .object, since: .v2025_06_18),
    ]
}
