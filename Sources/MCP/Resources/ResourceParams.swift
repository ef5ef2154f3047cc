public import JSON

/// The parameters of `resources/subscribe` and `resources/unsubscribe`.
///
/// Source: 2025-11-25, "Resources"; removed in 2026-07-28.
public struct ResourceParams: ParamsView, ResourceReference {
    /// The wrapped JSON object.
    public var json: JSONObject

    /// Wraps a JSON object without validating it.
    public init(json: JSONObject) {
        self.json = json
    }

    /// The member rules of all revisions.
    public static let members: [Member] = .params(
        .required("uri", .uri)
    )
}
