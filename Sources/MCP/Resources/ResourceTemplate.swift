public import JSON

/// A pattern for the URIs of resources.
///
/// Source: "Resources", all revisions.
public struct ResourceTemplate: JSONObjectView {
    /// The template as received.
    public var json: JSONObject

    /// Looks at an object as a template.
    public init(json: JSONObject) {
        self.json = json
    }

    /// Describes a template.
    public init(uriTemplate: String, name: String, description: String? = nil, mimeType: String? = nil) {
        self.init(json: [:])
        self.uriTemplate = uriTemplate
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

    /// The pattern, as RFC 6570 writes it.
    public var uriTemplate: String? {
        get { self["uriTemplate"] }
        set { self["uriTemplate"] = newValue }
    }

    /// What such resources hold, for the model.
    public var description: String? {
        get { self["description"] }
        set { self["description"] = newValue }
    }

    /// The type of their content, if it is one for all.
    public var mimeType: String? {
        get { self["mimeType"] }
        set { self["mimeType"] = newValue }
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
        .required("uriTemplate", .string),
        .optional("description", .string),
        .optional("mimeType", .string),
        .optional("annotations", .view(Annotations.self)),
        .optional("icons", .arrayOf(Icon.self), since: .v2025_11_25),
        .optional("_meta", .object, since: .v2025_06_18),
    ]
}
