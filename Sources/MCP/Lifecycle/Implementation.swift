public import JSON

/// Who a client or server is.
///
/// Source: "Lifecycle", all revisions.
public struct Implementation: JSONObjectView {
    /// The description of a program as received.
    public var json: JSONObject

    /// Looks at an object as a description of a program.
    public init(json: JSONObject) {
        self.json = json
    }

    /// Names a program.
    public init(name: String, version: String, title: String? = nil) {
        self.init(json: [:])
        self.name = name
        self.title = title
        self.version = version
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

    /// The version of the program.
    public var version: String? {
        get { self["version"] }
        set { self["version"] = newValue }
    }

    /// What the program is for.
    public var description: String? {
        get { self["description"] }
        set { self["description"] = newValue }
    }

    /// Where more about it stands.
    public var websiteUrl: String? {
        get { self["websiteUrl"] }
        set { self["websiteUrl"] = newValue }
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
        .required("version", .string),
        .optional("description", .string, since: .v2025_11_25),
        .optional("websiteUrl", .uri, since: .v2025_11_25),
        .optional("icons", .arrayOf(Icon.self), since: .v2025_11_25),
    ]
}
