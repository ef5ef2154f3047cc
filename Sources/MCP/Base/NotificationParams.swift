public import JSON

/// The parameters of a notification that has none of its own.
public struct NotificationParams: SubscriptionMessage {
    /// The parameters as received.
    public var json: JSONObject

    /// Looks at an object as parameters.
    public init(json: JSONObject = [:]) {
        self.json = json
    }

    /// What the schemas say.
    public static let members: [Member] = .notificationParams()
}
