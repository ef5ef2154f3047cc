public import JSON

/// The result of `resources/read`.
///
/// Source: "Resources", all revisions.
public struct ReadResourceResult: CacheableResult {
    /// The wrapped JSON object.
    public var json: JSONObject

    /// Wraps a JSON object without validating it.
    public init(json: JSONObject) {
        self.json = json
    }

    /// Creates a result.
    public init(contents: [ResourceContents]) {
        self.init(json: [:])
        self.contents = contents
    }

    /// The content, in one or more pieces.
    public var contents: [ResourceContents]? {
        get { self["contents"] }
        set { self["contents"] = newValue }
    }

    /// The member rules of all revisions.
    public static let members: [Member] =
        .result(
            .required("contents", .arrayOf(ResourceContents.self))
        ) + .caching
}
