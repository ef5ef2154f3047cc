public import JSON

/// Hints about the use of a piece of content or a resource.
///
/// Source: "Annotations" of tools and resources, all revisions.
public struct Annotations: JSONObjectView {
    /// The annotation object as received.
    public var json: JSONObject

    /// Looks at an object as an annotation object.
    public init(json: JSONObject) {
        self.json = json
    }

    /// For whom it is meant.
    public var audience: [Role]? {
        get { self["audience"] }
        set { self["audience"] = newValue }
    }

    /// How much it matters, from 0 (can be left out) to 1 (needed).
    public var priority: Double? {
        get { self["priority"] }
        set { self["priority"] = newValue }
    }

    /// When it changed last, as ISO 8601.
    public var lastModified: String? {
        get { self["lastModified"] }
        set { self["lastModified"] = newValue }
    }

    /// What the schemas say.
    public static let members: [Member] = [
        .optional("audience", .array(Role.shape)),
        .optional("priority", .fraction),
        .optional("lastModified", .string, since: .v2025_06_18),
    ]
}
