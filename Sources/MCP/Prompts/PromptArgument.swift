public import JSON

/// An argument of a prompt.
///
/// Source: "Prompts", all revisions.
public struct PromptArgument: NamedView {
    /// The wrapped JSON object.
    public var json: JSONObject

    /// Wraps a JSON object without validating it.
    public init(json: JSONObject) {
        self.json = json
    }

    /// Creates an argument.
    public init(name: String, description: String? = nil, required: Bool? = nil) {
        self.init(json: [:])
        self.name = name
        self.description = description
        self.required = required
    }

    /// Whether the argument must be given (default: false).
    public var required: Bool? {
        get { self["required"] }
        set { self["required"] = newValue }
    }

    /// The member rules of all revisions.
    public static let members: [Member] = [
        .required("name", .string),
        .optional("title", .string, since: .v2025_06_18),
        .optional("description", .string),
        .optional("required", .boolean),
    ]
}
