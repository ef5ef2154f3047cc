public import JSON

/// The parameters of `resources/read`.
///
/// Source: "Resources", all revisions.
public struct ReadResourceParams: RetryableParams, ResourceReference {
    /// The wrapped JSON object.
    public var json: JSONObject

    /// Wraps a JSON object without validating it.
    public init(json: JSONObject) {
        self.json = json
    }

    /// The member rules of all revisions.
    public static let members: [Member] =
        .params(
            .required("uri", .uri)
        ) + .retry
}
