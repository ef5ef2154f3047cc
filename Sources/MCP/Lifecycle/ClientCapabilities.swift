public import JSON

/// The capabilities of a client.
///
/// Source: "Lifecycle", all revisions; 2026-07-28, basic protocol, "_meta".
public struct ClientCapabilities: Capabilities {
    /// The wrapped JSON object.
    public var json: JSONObject

    /// Wraps a JSON object without validating it.
    public init(json: JSONObject = [:]) {
        self.json = json
    }

    /// Whether it has root directories.
    public var roots: JSONObject? {
        get { self["roots"] }
        set { self["roots"] = newValue }
    }

    /// Whether it supports sampling.
    public var sampling: JSONObject? {
        get { self["sampling"] }
        set { self["sampling"] = newValue }
    }

    /// Whether it supports elicitation.
    public var elicitation: JSONObject? {
        get { self["elicitation"] }
        set { self["elicitation"] = newValue }
    }

    /// Whether its requests can become tasks.
    public var tasks: JSONObject? {
        get { self["tasks"] }
        set { self["tasks"] = newValue }
    }

    /// Whether the client supports elicitation by form.
    ///
    /// An `elicitation` object without modes means so too.
    public var supportsFormElicitation: Bool {
        has(.elicitationForm) || has(.elicitation) && !has(.elicitationURL)
    }

    /// The member rules of all revisions.
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
