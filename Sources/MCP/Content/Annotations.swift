public import JSON

/// Hints about the use of a content block or resource.
///
/// Source: "Annotations" of tools and resources, all revisions.
public struct Annotations: JSONObjectView {
    /// The wrapped JSON object.
    public var json: JSONObject

    /// Wraps a JSON object without validating it.
    public init(json: JSONObject) {
        self.json = json
    }

    /// The intended readers.
    public var audience: [Role]? {
        get { self["audience"] }
        set { self["audience"] = newValue }
    }

    /// The importance, from 0 (optional) to 1 (required).
    public var priority: Double? {
        get { self["priority"] }
        set { self["priority"] = newValue }
    }

    /// The time of the last change (ISO 8601).
    public var lastModified: String? {
        get { self["lastModified"] }
        set { self["lastModified"] = newValue }
    }

    /// The member rules of all revisions.
    public static let members: [Member] = [
        .optional("audience", .array(Role.shape)),
        .optional("priority", .fraction),
        .optional("lastModified", .string, since: .v2025_06_18),
    ]
}
