public import JSON

/// An icon for a user interface.
///
/// Source: 2025-11-25, basic protocol, "Icons".
public struct Icon: JSONObjectView {
    /// The wrapped JSON object.
    public var json: JSONObject

    /// Wraps a JSON object without validating it.
    public init(json: JSONObject) {
        self.json = json
    }

    /// Creates an icon.
    public init(src: String, mimeType: String? = nil, sizes: [String]? = nil) {
        self.init(json: [:])
        self.src = src
        self.mimeType = mimeType
        self.sizes = sizes
    }

    /// The location of the image: an `https:` or `data:` URI.
    public var src: String? {
        get { self["src"] }
        set { self["src"] = newValue }
    }

    /// The media type of the image, in case its server does not report it.
    public var mimeType: String? {
        get { self["mimeType"] }
        set { self["mimeType"] = newValue }
    }

    /// The sizes that the image is meant for, such as `48x48`, or `any`.
    public var sizes: [String]? {
        get { self["sizes"] }
        set { self["sizes"] = newValue }
    }

    /// The background that the icon is meant for: `light` or `dark`.
    public var theme: String? {
        get { self["theme"] }
        set { self["theme"] = newValue }
    }

    /// The member rules of all revisions.
    public static let members: [Member] = [
        .required("src", .uri),
        .optional("mimeType", .string),
        .optional("sizes", .array(.string)),
        .optional("theme", .oneOf(["light", "dark"])),
    ]
}
