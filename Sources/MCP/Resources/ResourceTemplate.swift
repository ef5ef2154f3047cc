public import JSON

/// A URI template for a family of resources.
///
/// Source: "Resources", all revisions.
public struct ResourceTemplate: ResourceDescription {
    /// The wrapped JSON object.
    public var json: JSONObject

    /// Wraps a JSON object without validating it.
    public init(json: JSONObject) {
        self.json = json
    }

    /// Creates a resource template.
    public init(uriTemplate: String, name: String, description: String? = nil, mimeType: String? = nil) {
        self.init(json: [:])
        self.uriTemplate = uriTemplate
        self.name = name
        self.description = description
        self.mimeType = mimeType
    }

    /// The URI template (RFC 6570).
    public var uriTemplate: String? {
        get { self["uriTemplate"] }
        set { self["uriTemplate"] = newValue }
    }

    /// The member rules of all revisions.
    public static let members: [Member] = [
        .required("name", .string),
        .optional("title", .string, since: .v2025_06_18),
        .required("uriTemplate", .string),
        .optional("description", .string),
        .optional("mimeType", .string),
        .optional("annotations", .view(Annotations.self)),
        .optional("icons", .arrayOf(Icon.self), since: .v2025_11_25),
        .optional("_meta", .object, since: .v2025_06_18),
    ]
}
