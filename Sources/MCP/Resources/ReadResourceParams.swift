public import JSON

/// The parameters of `resources/read`.
///
/// Source: "Resources", all revisions.
public struct ReadResourceParams: RetryableParams {
    /// The parameters as received.
    public var json: JSONObject

    /// Looks at an object as parameters.
    public init(json: JSONObject) {
        self.json = json
    }

    /// Reads a resource.
    public init(uri: String) {
        self.init(json: [:])
        self.uri = uri
    }

    /// What to read.
    public var uri: String? {
        get { self["uri"] }
        set { self["uri"] = newValue }
    }

    /// What the schemas say.
    public static let members: [Member] =
        .params(
            .required("uri", .uri)
        ) + .retry
}
