public import JSON

/// What a server offers.
///
/// Source: "Lifecycle", all revisions; 2026-07-28, "Discovery".
public struct ServerCapabilities: Capabilities {
    /// The capability object as received.
    public var json: JSONObject

    /// Looks at an object as a capability object.
    public init(json: JSONObject = [:]) {
        self.json = json
    }

    /// It has tools.
    public var tools: JSONObject? {
        get { self["tools"] }
        set { self["tools"] = newValue }
    }

    /// It has resources.
    public var resources: JSONObject? {
        get { self["resources"] }
        set { self["resources"] = newValue }
    }

    /// It has prompts.
    public var prompts: JSONObject? {
        get { self["prompts"] }
        set { self["prompts"] = newValue }
    }

    /// It completes arguments.
    public var completions: JSONObject? {
        get { self["completions"] }
        set { self["completions"] = newValue }
    }

    /// It sends log messages.
    public var logging: JSONObject? {
        get { self["logging"] }
        set { self["logging"] = newValue }
    }

    /// Calls of its tools can become tasks.
    public var tasks: JSONObject? {
        get { self["tasks"] }
        set { self["tasks"] = newValue }
    }

    /// What the schemas say.
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
