public import JSON

/// The result of `resources/read`.
///
/// Source: "Resources", all revisions.
public struct ReadResourceResult: CacheableResult {
    /// The result as received.
    public var json: JSONObject

    /// Looks at an object as a result.
    public init(json: JSONObject) {
        self.json = json
    }

    /// Creates a result.
    public init(contents: [ResourceContents]) {
        self.init(json: [:])
        self.contents = contents
    }

    /// The content, which may be in several pieces.
    public var contents: [ResourceContents]? {
        get { self["contents"] }
        set { self["contents"] = newValue }
    }

    /// What the schemas say.
    public static let members: [Member] =
        .result(
            .required("contents", .arrayOf(ResourceContents.self))
        ) + .caching
}
