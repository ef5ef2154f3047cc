public import JSON

/// What a resource holds: text or bytes.
///
/// Source: "Resources", all revisions.
public struct ResourceContents: JSONObjectView {
    /// The piece of content as received.
    public var json: JSONObject

    /// Looks at an object as a piece of content.
    public init(json: JSONObject) {
        self.json = json
    }

    /// Whose content this is; it may be a part of what was asked for.
    public var uri: String? {
        get { self["uri"] }
        set { self["uri"] = newValue }
    }

    /// The type of the content.
    public var mimeType: String? {
        get { self["mimeType"] }
        set { self["mimeType"] = newValue }
    }

    /// The content, if it is text.
    public var text: String? {
        get { self["text"] }
        set { self["text"] = newValue }
    }

    /// The content as Base64, if it is not.
    public var blob: String? {
        get { self["blob"] }
        set { self["blob"] = newValue }
    }

    /// Creates text.
    public init(uri: String, mimeType: String? = nil, text: String) {
        self.init(json: [:])
        self.uri = uri
        self.mimeType = mimeType
        self.text = text
    }

    /// Creates bytes, already in Base64.
    public init(uri: String, mimeType: String? = nil, blob: String) {
        self.init(json: [:])
        self.uri = uri
        self.mimeType = mimeType
        self.blob = blob
    }

    /// Lists what is wrong; the schema asks for one of text and bytes.
    public func problems(in revision: Revision) -> [Problem] {
        var problems = Self.members.problems(of: json, in: revision)
        if json["text"] == nil, json["blob"] == nil {
            problems.append(Problem("Neither “text” nor “blob” is there: revision \(revision) requires one of them."))
        }
        return problems
    }

    /// What the schemas say.
    public static let members: [Member] = [
        .required("uri", .uri),
        .optional("mimeType", .string),
        .optional("text", .string),
        .optional("blob", .base64),
        .optional("_meta", .object, since: .v2025_06_18),
    ]
}
