public import JSON

/// Something that a server can do when it is called.
///
/// Source: "Tools", all revisions.
public struct Tool: JSONObjectView {
    /// The tool as received.
    public var json: JSONObject

    /// Looks at an object as a tool.
    public init(json: JSONObject) {
        self.json = json
    }

    /// Describes a tool.
    public init(name: String, description: String? = nil, inputSchema: JSONObject = ["type": "object"]) {
        self.init(json: [:])
        self.name = name
        self.description = description
        self.inputSchema = inputSchema
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

    /// What it does, for the model.
    public var description: String? {
        get { self["description"] }
        set { self["description"] = newValue }
    }

    /// The JSON Schema of its arguments.
    public var inputSchema: JSONObject? {
        get { self["inputSchema"] }
        set { self["inputSchema"] = newValue }
    }

    /// The JSON Schema of its structured results.
    public var outputSchema: JSONObject? {
        get { self["outputSchema"] }
        set { self["outputSchema"] = newValue }
    }

    /// Hints about what calling it does.
    public var annotations: ToolAnnotations? {
        get { self["annotations"] }
        set { self["annotations"] = newValue }
    }

    /// Pictures to show.
    public var icons: [Icon]? {
        get { self["icons"] }
        set { self["icons"] = newValue }
    }

    /// Whether it may be called as a task.
    public var execution: ToolExecution? {
        get { self["execution"] }
        set { self["execution"] = newValue }
    }

    /// The name to show: the title, else that of the annotations, else the name.
    public var displayName: String? { title ?? annotations?.title ?? name }

    /// What the schemas say.
    public static let members: [Member] = [
        .required("name", .string),
        .optional("title", .string, since: .v2025_06_18),
        .optional("description", .string),
        .required("inputSchema", .object(objectSchema)),
        .optional("outputSchema", .object(objectSchema), since: .v2025_06_18, through: .v2025_11_25),
        .optional("outputSchema", .object([.optional("$schema", .string)]), since: .v2026_07_28),
        .optional("annotations", .view(ToolAnnotations.self), since: .v2025_03_26),
        .optional("icons", .arrayOf(Icon.self), since: .v2025_11_25),
        .optional("execution", .view(ToolExecution.self), since: .v2025_11_25, through: .v2025_11_25),
        .optional("_meta", .object, since: .v2025_06_18),
    ]

    /// What the revisions ask of a schema itself; since 2026-07-28 it may be any of its dialect.
    private static let objectSchema: [Member] = [
        .required("type", .constant("object")),
        .optional("$schema", .string, since: .v2025_11_25),
        .optional("properties", .map(.object), through: .v2025_11_25),
        .optional("required", .array(.string), through: .v2025_11_25),
    ]
}
