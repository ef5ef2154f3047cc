public import JSON

/// A message or conversation that a server has ready, with gaps to fill in.
///
/// Source: "Prompts", all revisions.
public struct Prompt: JSONObjectView {
    /// The prompt as received.
    public var json: JSONObject

    /// Looks at an object as a prompt.
    public init(json: JSONObject) {
        self.json = json
    }

    /// Describes a prompt.
    public init(name: String, description: String? = nil, arguments: [PromptArgument]? = nil) {
        self.init(json: [:])
        self.name = name
        self.description = description
        self.arguments = arguments
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

    /// What it is for.
    public var description: String? {
        get { self["description"] }
        set { self["description"] = newValue }
    }

    /// The gaps.
    public var arguments: [PromptArgument]? {
        get { self["arguments"] }
        set { self["arguments"] = newValue }
    }

    /// Pictures to show.
    public var icons: [Icon]? {
        get { self["icons"] }
        set { self["icons"] = newValue }
    }

    /// What the schemas say.
    public static let members: [Member] = [
        .required("name", .string),
        .optional("title", .string, since: .v2025_06_18),
        .optional("description", .string),
        .optional("arguments", .arrayOf(PromptArgument.self)),
        .optional("icons", .arrayOf(Icon.self), since: .v2025_11_25),
        .optional("_meta", .object, since: .v2025_06_18),
    ]
}
