public import JSON

/// The content of a resource: text or bytes.
///
/// Source: "Resources", all revisions.
public struct ResourceContents: JSONObjectView {
    /// The wrapped JSON object.
    public var json: JSONObject

    /// Wraps a JSON object without validating it.
    public init(json: JSONObject) {
        self.json = json
    }

    /// The URI of this content.
    ///
    /// It may be a part of the resource that was read.
    public var uri: String? {
        get { self["uri"] }
        set { self["uri"] = newValue }
    }

    /// The media type of the content.
    public var mimeType: String? {
        get { self["mimeType"] }
        set { self["mimeType"] = newValue }
    }

    /// The content of a text resource.
    public var text: String? {
        get { self["text"] }
        set { self["text"] = newValue }
    }

    /// The content of a binary resource, in Base64.
    public var blob: String? {
        get { self["blob"] }
        set { self["blob"] = newValue }
    }

    /// Creates a text.
    public init(uri: String, mimeType: String? = nil, text: String) {
        self.init(json: [:])
        self.uri = uri
        self.mimeType = mimeType
        self.text = text
    }

    /// Creates binary content, already encoded in Base64.
    public init(uri: String, mimeType: String? = nil, blob: String) {
        self.init(json: [:])
        self.uri = uri
        self.mimeType = mimeType
        self.blob = blob
    }

    /// Returns the violations of the schema, which requires either text or bytes.
    public func problems(in revision: Revision) -> [Problem] {
        var problems = Self.members.problems(of: json, in: revision)
        if json["text"] == nil, json["blob"] == nil {
            problems.append(Problem("Both `text` and `blob` are missing; revision \(revision) requires one of them."))
        }
        return problems
    }

    /// The member rules of all revisions.
    public static let members: [Member] = [
        .required("uri", .uri),
        .optional("mimeType", .string),
        .optional("text", .string),
        .optional("blob", .base64),
        .optional("_meta", .object, since: .v2025_06_18),
    ]
}
