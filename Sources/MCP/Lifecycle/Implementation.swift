public import JSON

/// The name and version of a client or server.
///
/// Source: "Lifecycle", all revisions; description, website and icons since 2025-11-25.
public struct Implementation: IllustratedView {
    /// The wrapped JSON object.
    public var json: JSONObject

    /// Wraps a JSON object without validating it.
    public init(json: JSONObject) {
        self.json = json
    }

    /// Creates a description of a program.
    public init(
        name: String,
        version: String,
        title: String? = nil,
        description: String? = nil,
        websiteUrl: String? = nil,
        icons: [Icon]? = nil
    ) {
        self.init(json: [:])
        self.name = name
        self.title = title
        self.version = version
        self.description = description
        self.websiteUrl = websiteUrl
        self.icons = icons
    }

    /// The name, version and title alone.
    ///
    /// Used in messages that are sent often.
    public var identity: Implementation {
        var identity = Implementation(json: json)
        for member in ["description", "websiteUrl", "icons"] { identity.json[member] = nil }
        return identity
    }

    /// The version of the program.
    public var version: String? {
        get { self["version"] }
        set { self["version"] = newValue }
    }

    /// The URL of the program's website.
    public var websiteUrl: String? {
        get { self["websiteUrl"] }
        set { self["websiteUrl"] = newValue }
    }

    /// The member rules of all revisions.
    public static let members: [Member] = [
        .required("name", .string),
        .optional("title", .string, since: .v2025_06_18),
        .required("version", .string),
        .optional("description", .string, since: .v2025_11_25),
        .optional("websiteUrl", .uri, since: .v2025_11_25),
        .optional("icons", .arrayOf(Icon.self), since: .v2025_11_25),
    ]
}
