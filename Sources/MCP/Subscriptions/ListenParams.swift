public import JSON

/// The parameters of `subscriptions/listen`.
///
/// Source: 2026-07-28, "Subscriptions".
public struct ListenParams: ParamsView {
    /// The wrapped JSON object.
    public var json: JSONObject

    /// Wraps a JSON object without validating it.
    public init(json: JSONObject) {
        self.json = json
    }

    /// Creates parameters that open a subscription.
    public init(notifications: SubscriptionFilter) {
        self.init(json: [:])
        self.notifications = notifications
    }

    /// The notifications that the client requests.
    public var notifications: SubscriptionFilter? {
        get { self["notifications"] }
        set { self["notifications"] = newValue }
    }

    /// The member rules of all revisions.
    public static let members: [Member] = .params(
        .required("notifications", .view(SubscriptionFilter.self))
    )
}
