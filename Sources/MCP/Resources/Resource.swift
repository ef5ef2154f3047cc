public import JSON

/// A resource that a server lets clients read.
///
/// Source: "Resources", all revisions.
public struct Resource: ResourceDescription {
    /// The wrapped JSON object.
    public var json: JSONObject

    /// Wraps a JSON object without validating it.
    public init(json: JSONObject) {
        self.json = json
    }

    /// Creates a resource.
    public init(uri: String, name: String, description: String? = nil, mimeType: String? = nil) {
        self.init(json: [:])
        self.uri = uri
        self.name = name
        self.description = description
        self.mimeType = mimeType
    }

    /// The URI, which `resources/read` takes.
    public var uri: String? {
        get { self["uri"] }
        set { self["uri"] = newValue }
    }

    /// The size of the content in bytes, before any encoding.
    public var size: Int? {
        get { self["size"] }
        set { self["size"] = newValue }
    }

    /// The member rules of all revisions.
    public static let members: [Member] = [
        .required("name", .string),
        .optional("title", .string, since: .v2025_06_18),
        .required("uri", .uri),
        .optional("description", .string),
        .optional("mimeType", .string),
        .optional("size", .integer),
        .optional("annotations", .view(Annotations.self)),
        .optional("icons", .arrayOf(Icon.self), since: .v2025_11_25),
        .optional("_meta", .object, since: .v2025_06_18),
    ]
}
