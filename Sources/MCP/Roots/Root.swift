public import JSON

/// A directory or file that the client lets the server work in.
///
/// Source: "Roots", all revisions.
public struct Root: JSONObjectView {
    /// The root as received.
    public var json: JSONObject

    /// Looks at an object as a root.
    public init(json: JSONObject) {
        self.json = json
    }

    /// Names a root.
    public init(uri: String, name: String? = nil) {
        self.init(json: [:])
        self.uri = uri
        self.name = name
    }

    /// Where it is: a `file:` URI.
    public var uri: String? {
        get { self["uri"] }
        set { self["uri"] = newValue }
    }

    /// The name to show to people.
    public var name: String? {
        get { self["name"] }
        set { self["name"] = newValue }
    }

    /// What the schemas say.
    public static let members: [Member] = [
        .required("uri", .uri),
        .optional("name", .string),
        .optional("_meta", .object, since: .v2025_06_18),
    ]
}
