public import JSON

/// A picture that stands for something in a user interface.
///
/// Source: 2025-11-25, basic protocol, "Icons".
public struct Icon: JSONObjectView {
    /// The icon as received.
    public var json: JSONObject

    /// Looks at an object as an icon.
    public init(json: JSONObject) {
        self.json = json
    }

    /// Where the picture is: an `https:` or `data:` URI.
    public var src: String? {
        get { self["src"] }
        set { self["src"] = newValue }
    }

    /// The type of the picture where the server of it may not tell.
    public var mimeType: String? {
        get { self["mimeType"] }
        set { self["mimeType"] = newValue }
    }

    /// The sizes it suits, such as `48x48`, or `any`.
    public var sizes: [String]? {
        get { self["sizes"] }
        set { self["sizes"] = newValue }
    }

    /// The background it suits, `light` or `dark`.
    public var theme: String? {
        get { self["theme"] }
        set { self["theme"] = newValue }
    }

    /// What the schemas say.
    public static let members: [Member] = [
        .required("src", .uri),
        .optional("mimeType", .string),
        .optional("sizes", .array(.string)),
        .optional("theme", .oneOf(["light", "dark"])),
    ]
}
