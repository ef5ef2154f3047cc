public import JSON

/// Hints about what calling a tool does; not to be trusted unless the server is.
///
/// Source: 2025-03-26, "Tools".
public struct ToolAnnotations: JSONObjectView {
    /// The set of hints as received.
    public var json: JSONObject

    /// Looks at an object as a set of hints.
    public init(json: JSONObject) {
        self.json = json
    }

    /// The name to show to people.
    public var title: String? {
        get { self["title"] }
        set { self["title"] = newValue }
    }

    /// It changes nothing; false where absent.
    public var readOnlyHint: Bool? {
        get { self["readOnlyHint"] }
        set { self["readOnlyHint"] = newValue }
    }

    /// It may destroy something; true where absent.
    public var destructiveHint: Bool? {
        get { self["destructiveHint"] }
        set { self["destructiveHint"] = newValue }
    }

    /// Calling it again changes nothing more; false where absent.
    public var idempotentHint: Bool? {
        get { self["idempotentHint"] }
        set { self["idempotentHint"] = newValue }
    }

    /// It deals with the world outside; true where absent.
    public var openWorldHint: Bool? {
        get { self["openWorldHint"] }
        set { self["openWorldHint"] = newValue }
    }

    /// What the schemas say.
    public static let members: [Member] = [
        .optional("title", .string),
        .optional("readOnlyHint", .boolean),
        .optional("destructiveHint", .boolean),
        .optional("idempotentHint", .boolean),
        .optional("openWorldHint", .boolean),
    ]
}
