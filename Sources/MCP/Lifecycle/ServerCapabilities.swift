public import JSON

/// The capabilities of a server.
///
/// Source: "Lifecycle", all revisions; 2026-07-28, "Discovery".
public struct ServerCapabilities: Capabilities {
    /// The wrapped JSON object.
    public var json: JSONObject

    /// Wraps a JSON object without validating it.
    public init(json: JSONObject = [:]) {
        self.json = json
    }

    /// Whether it has tools.
    public var tools: JSONObject? {
        get { self["tools"] }
        set { self["tools"] = newValue }
    }

    /// Whether it has resources.
    public var resources: JSONObject? {
        get { self["resources"] }
        set { self["resources"] = newValue }
    }

    /// Whether it has prompts.
    public var prompts: JSONObject? {
        get { self["prompts"] }
        set { self["prompts"] = newValue }
    }

    /// Whether it completes arguments.
    public var completions: JSONObject? {
        get { self["completions"] }
        set { self["completions"] = newValue }
    }

    /// Whether it sends log messages.
    public var logging: JSONObject? {
        get { self["logging"] }
        set { self["logging"] = newValue }
    }

    /// Whether calls of its tools can become tasks.
    public var tasks: JSONObject? {
        get { self["tasks"] }
        set { self["tasks"] = newValue }
    }

    /// The member rules of all revisions.
    public static let members: [Member] = [
        .optional("experimental", .map(.object)),
        .optional("extensions", .map(.object), since: .v2026_07_28),
        .optional("tools", .object([.optional("listChanged", .boolean)])),
        .optional("resources", .object([.optional("subscribe", .boolean), .optional("listChanged", .boolean)])),
        .optional("prompts", .object([.optional("listChanged", .boolean)])),
        .optional("completions", .object, since: .v2025_03_26),
        .optional("logging", .object),
        .optional("tasks", tasks, since: .v2025_11_25, through: .v2025_11_25),
    ]

    private static let tasks = ValueShape.object([
        .optional("list", .object),
        .optional("cancel", .object),
        .optional("requests", .object([.optional("tools", .object([.optional("call", .object)]))])),
    ])
}
