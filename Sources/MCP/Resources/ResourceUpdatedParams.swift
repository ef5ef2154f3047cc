public import JSON

/// The parameters of `notifications/resources/updated`.
///
/// Source: "Resources", all revisions.
public struct ResourceUpdatedParams: SubscriptionMessage {
    /// The parameters as received.
    public var json: JSONObject

    /// Looks at an object as parameters.
    public init(json: JSONObject) {
        self.json = json
    }

    /// Names a resource.
    public init(uri: String) {
        self.init(json: [:])
        self.uri = uri
    }

    /// What has changed; it may be a part of what was subscribed to.
    public var uri: String? {
        get { self["uri"] }
        set { self["uri"] = newValue }
    }

    /// What the schemas say.
    public static let members: [Member] = .notificationParams(
        .required("uri", .uri)
    )
}
