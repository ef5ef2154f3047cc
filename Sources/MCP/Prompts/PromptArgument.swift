public import JSON

/// A gap in a prompt.
///
/// Source: "Prompts", all revisions.
public struct PromptArgument: JSONObjectView {
    /// The argument as received.
    public var json: JSONObject

    /// Looks at an object as an argument.
    public init(json: JSONObject) {
        self.json = json
    }

    /// Describes an argument.
    public init(name: String, description: String? = nil, required: Bool? = nil) {
        self.init(json: [:])
        self.name = name
        self.description = description
        self.required = required
    }

    /// The name that programs use.
    public var name: String? {
        get { self["name"] }
        set { self["name"] = newValue }
    }

    /// The name to show to people.
    public var title: String? {
        get { self["title"] }
        set { self["title"] = newValue }
    }

    /// What to fill in.
    public var description: String? {
        get { self["description"] }
        set { self["description"] = newValue }
    }

    /// Whether it must be filled in; absent means no.
    public var required: Bool? {
        get { self["required"] }
        set { self["required"] = newValue }
    }

    /// What the schemas say.
    public static let members: [Member] = [
        .required("name", .string),
        .optional("title", .string, since: .v2025_06_18),
        .optional("description", .string),
        .optional("required", .boolean),
    ]
}
