public import JSON

/// Something that a server lets a client read.
///
/// Source: "Resources", all revisions.
public struct Resource: JSONObjectView {
    /// The resource as received.
    public var json: JSONObject

    /// Looks at an object as a resource.
    public init(json: JSONObject) {
        self.json = json
    }

    /// Describes a resource.
    public init(uri: String, name: String, description: String? = nil, mimeType: String? = nil) {
        self.init(json: [:])
        self.uri = uri
        self.name = name
        self.description = description
        self.mimeType = mimeType
    }

    /// The name that programs use.
    public var name: String? {
        get { self["name"] }
        set { self["name"] = newValue }
    }

    /// The name to show to people.
    public var title: String? {
        get { self["title"] }
        set { self["title"] = newValue }
    }

    /// Where it is; the name that `resources/read` takes.
    public var uri: String? {
        get { self["uri"] }
        set { self["uri"] = newValue }
    }

    /// What it holds, for the model.
    public var description: String? {
        get { self["description"] }
        set { self["description"] = newValue }
    }

    /// The type of its content.
    public var mimeType: String? {
        get { self["mimeType"] }
        set { self["mimeType"] = newValue }
    }

    /// The size of its content in bytes, before any encoding.
    public var size: Int? {
        get { self["size"] }
        set { self["size"] = newValue }
    }

    /// For whom it is and how much it matters.
    public var annotations: Annotations? {
        get { self["annotations"] }
        set { self["annotations"] = newValue }
    }

    /// Pictures to show.
    public var icons: [Icon]? {
        get { self["icons"] }
        set { self["icons"] = newValue }
    }

    /// What the schemas say.
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
