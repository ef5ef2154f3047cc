public import JSON
public import JSONRPC

/// The parameters of `notifications/subscriptions/acknowledged`.
///
/// Source: 2026-07-28, "Subscriptions".
public struct SubscriptionsAcknowledgedParams: SubscriptionMessage {
    /// The wrapped JSON object.
    public var json: JSONObject

    /// Wraps a JSON object without validating it.
    public init(json: JSONObject) {
        self.json = json
    }

    /// Creates the acknowledgment of the subscription opened by this request.
    public init(subscriptionID: RequestID, notifications: SubscriptionFilter) {
        self.init(json: [:])
        self.subscriptionID = subscriptionID
        self.notifications = notifications
    }

    /// The part of the requested filter that the server accepts.
    public var notifications: SubscriptionFilter? {
        get { self["notifications"] }
        set { self["notifications"] = newValue }
    }

    /// The member rules of all revisions.
    public static let members: [Member] = .notificationParams(
        .required("notifications", .view(SubscriptionFilter.self))
    )
}
