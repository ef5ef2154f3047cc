public import JSON

/// A directory or file that the client lets the server work in.
///
/// Source: "Roots", all revisions.
public struct Root: JSONObjectView {
    /// The wrapped JSON object.
    public var json: JSONObject

    /// Wraps a JSON object without validating it.
    public init(json: JSONObject) {
        self.json = json
    }

    /// Creates a root.
    public init(uri: String, name: String? = nil) {
        self.init(json: [:])
        self.uri = uri
        self.name = name
    }

    /// The location: a `file:` URI.
    public var uri: String? {
        get { self["uri"] }
        set { self["uri"] = newValue }
    }

    /// The name shown to people.
    public var name: String? {
        get { self["name"] }
        set { self["name"] = newValue }
    }

    /// The member rules of all revisions.
    public static let members: [Member] = [
        .required("uri", .uri),
        .optional("name", .string),
        .optional("_meta", .object, since: .v2025_06_18),
    ]
}
