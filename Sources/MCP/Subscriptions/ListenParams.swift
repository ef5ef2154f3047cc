public import JSON

/// The parameters of `subscriptions/listen`.
///
/// Source: 2026-07-28, "Subscriptions".
public struct ListenParams: ParamsView {
    /// The parameters as received.
    public var json: JSONObject

    /// Looks at an object as parameters.
    public init(json: JSONObject) {
        self.json = json
    }

    /// Opens a subscription.
    public init(notifications: SubscriptionFilter) {
        self.init(json: [:])
        self.notifications = notifications
    }

    /// What the client wants to be told.
    public var notifications: SubscriptionFilter? {
        get { self["notifications"] }
        set { self["notifications"] = newValue }
    }

    /// What the schemas say.
    public static let members: [Member] = .params(
        .required("notifications", .view(SubscriptionFilter.self))
    )
}
