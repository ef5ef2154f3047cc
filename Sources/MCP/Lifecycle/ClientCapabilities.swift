public import JSON

/// What a client can do for servers.
///
/// Source: "Lifecycle", all revisions; 2026-07-28, basic protocol, "_meta".
public struct ClientCapabilities: Capabilities {
    /// The capability object as received.
    public var json: JSONObject

    /// Looks at an object as a capability object.
    public init(json: JSONObject = [:]) {
        self.json = json
    }

    /// It has root directories.
    public var roots: JSONObject? {
        get { self["roots"] }
        set { self["roots"] = newValue }
    }

    /// Its model can be asked.
    public var sampling: JSONObject? {
        get { self["sampling"] }
        set { self["sampling"] = newValue }
    }

    /// Its user can be asked.
    public var elicitation: JSONObject? {
        get { self["elicitation"] }
        set { self["elicitation"] = newValue }
    }

    /// What it asks can become a task.
    public var tasks: JSONObject? {
        get { self["tasks"] }
        set { self["tasks"] = newValue }
    }

    /// Tells whether the user can be asked with a form, which `elicitation` without modes means too.
    public var supportsFormElicitation: Bool {
        has(.elicitationForm) || has(.elicitation) && !has(.elicitationURL)
    }

    /// What the schemas say.
    public static let members: [Member] = [
        .optional("experimental", .map(.object)),
        .optional("extensions", .map(.object), since: .v2026_07_28),
        .optional("roots", .object([.optional("listChanged", .boolean)]), through: .v2025_11_25),
        .optional("roots", .object, since: .v2026_07_28),
        .optional("sampling", .object, through: .v2025_06_18),
        .optional(
            "sampling",
            .object([.optional("context", .object), .optional("tools", .object)]),
            since: .v2025_11_25
        ),
        .optional("elicitation", .object, since: .v2025_06_18, through: .v2025_06_18),
        .optional(
            "elicitation",
            .object([.optional("form", .object), .optional("url", .object)]),
            since: .v2025_11_25
        ),
        .optional("tasks", tasks, since: .v2025_11_25, through: .v2025_11_25),
    ]

    private static let tasks = ValueShape.object([
        .optional("list", .object),
        .optional("cancel", .object),
        .optional(
            "requests",
            .object([
                .optional("sampling", .object([.optional("createMessage", .object)])),
                .optional("elicitation", .object([.optional("create", .object)])),
            ])
        ),
    ])
}
