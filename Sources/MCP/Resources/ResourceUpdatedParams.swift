public import JSON

/// The parameters of `notifications/resources/updated`.
///
/// Source: "Resources", all revisions.
public struct ResourceUpdatedParams: SubscriptionMessage, ResourceReference {
    /// The wrapped JSON object.
    public var json: JSONObject

    /// Wraps a JSON object without validating it.
    public init(json: JSONObject) {
        self.json = json
    }

    /// The member rules of all revisions.
    public static let members: [Member] = .notificationParams(
        .required("uri", .uri)
    )
}
