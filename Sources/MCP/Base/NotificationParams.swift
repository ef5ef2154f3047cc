public import JSON

/// The parameters of a notification that has none of its own.
public struct NotificationParams: SubscriptionMessage {
    /// The wrapped JSON object.
    public var json: JSONObject

    /// Wraps a JSON object without validating it.
    public init(json: JSONObject = [:]) {
        self.json = json
    }

    /// The member rules of all revisions.
    public static let members: [Member] = .notificationParams()
}
