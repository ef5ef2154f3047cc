public import JSON
public import JSONRPC

/// The parameters of `notifications/subscriptions/acknowledged`.
///
/// Source: 2026-07-28, "Subscriptions".
public struct SubscriptionsAcknowledgedParams: SubscriptionMessage {
    /// The parameters as received.
    public var json: JSONObject

    /// Looks at an object as parameters.
    public init(json: JSONObject) {
        self.json = json
    }

    /// Acknowledges the subscription that the request of that id opened.
    public init(subscriptionID: RequestID, notifications: SubscriptionFilter) {
        self.init(json: [:])
        self.subscriptionID = subscriptionID
        self.notifications = notifications
    }

    /// What of the request the server honours.
    public var notifications: SubscriptionFilter? {
        get { self["notifications"] }
        set { self["notifications"] = newValue }
    }

    /// What the schemas say.
    public static let members: [Member] = .notificationParams(
        .required("notifications", .view(SubscriptionFilter.self))
    )
}
