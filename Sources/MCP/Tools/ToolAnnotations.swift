public import JSON

/// Hints about the effects of a call.
///
/// Trust them only if you trust the server.
///
/// Source: 2025-03-26, "Tools".
public struct ToolAnnotations: JSONObjectView {
    /// The wrapped JSON object.
    public var json: JSONObject

    /// Wraps a JSON object without validating it.
    public init(json: JSONObject) {
        self.json = json
    }

    /// The name shown to people.
    public var title: String? {
        get { self["title"] }
        set { self["title"] = newValue }
    }

    /// Whether the tool changes nothing (default: false).
    public var readOnlyHint: Bool? {
        get { self["readOnlyHint"] }
        set { self["readOnlyHint"] = newValue }
    }

    /// Whether the tool may destroy data (default: true).
    public var destructiveHint: Bool? {
        get { self["destructiveHint"] }
        set { self["destructiveHint"] = newValue }
    }

    /// Whether repeated calls have no further effect (default: false).
    public var idempotentHint: Bool? {
        get { self["idempotentHint"] }
        set { self["idempotentHint"] = newValue }
    }

    /// Whether the tool interacts with the outside world (default: true).
    public var openWorldHint: Bool? {
        get { self["openWorldHint"] }
        set { self["openWorldHint"] = newValue }
    }

    /// The member rules of all revisions.
    public static let members: [Member] = [
        .optional("title", .string),
        .optional("readOnlyHint", .boolean),
        .optional("destructiveHint", .boolean),
        .optional("idempotentHint", .boolean),
        .optional("openWorldHint", .boolean),
    ]
}
