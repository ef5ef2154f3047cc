public import JSON
public import JSONRPC

/// The result of `subscriptions/listen`, sent when the server ends the subscription.
///
/// Source: 2026-07-28, "Subscriptions".
public struct ListenResult: ResultView, SubscriptionMessage {
    /// The result as received.
    public var json: JSONObject

    /// Looks at an object as a result.
    public init(json: JSONObject) {
        self.json = json
    }

    /// Ends the subscription that the request of that id opened.
    public init(subscriptionID: RequestID) {
        self.init(json: [:])
        resultType = .complete
        self.subscriptionID = subscriptionID
    }

    /// What the schemas say.
    public static let members: [Member] = [
        .required(
            "_meta",
            .object(.resultMeta + [.required(MetaKey.subscriptionID.rawValue, .stringOrInteger)])
        ),
        .required("resultType", .string),
    ]
}
