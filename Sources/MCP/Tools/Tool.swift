public import JSON

/// A tool that a server offers.
///
/// Source: "Tools", all revisions.
public struct Tool: IllustratedView {
    /// The wrapped JSON object.
    public var json: JSONObject

    /// Wraps a JSON object without validating it.
    public init(json: JSONObject) {
        self.json = json
    }

    /// Creates a tool.
    public init(name: String, description: String? = nil, inputSchema: JSONObject = ["type": "object"]) {
        self.init(json: [:])
        self.name = name
        self.description = description
        self.inputSchema = inputSchema
    }

    /// The JSON Schema of the arguments.
    public var inputSchema: JSONObject? {
        get { self["inputSchema"] }
        set { self["inputSchema"] = newValue }
    }

    /// The JSON Schema of the structured result.
    public var outputSchema: JSONObject? {
        get { self["outputSchema"] }
        set { self["outputSchema"] = newValue }
    }

    /// Hints about the effects of a call.
    public var annotations: ToolAnnotations? {
        get { self["annotations"] }
        set { self["annotations"] = newValue }
    }

    /// Whether the tool can be called as a task.
    public var execution: ToolExecution? {
        get { self["execution"] }
        set { self["execution"] = newValue }
    }

    /// The name to display: the title, the annotations' title or the name.
    public var displayName: String? { title ?? annotations?.title ?? name }

    /// The member rules of all revisions.
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

    /// The rules for the schema itself.
    ///
    /// Since 2026-07-28 any JSON Schema is allowed.
    private static let objectSchema: [Member] = [
        .required("type", .constant("object")),
        .optional("$schema", .string, since: .v2025_11_25),
        .optional("properties", .map(.object), through: .v2025_11_25),
        .optional("required", .array(.string), through: .v2025_11_25),
    ]
}
