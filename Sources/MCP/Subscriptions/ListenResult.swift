public import JSON
public import JSONRPC

/// The result of `subscriptions/listen`, sent when the server ends the subscription.
///
/// Source: 2026-07-28, "Subscriptions".
public struct ListenResult: ResultView, SubscriptionMessage {
    /// The wrapped JSON object.
    public var json: JSONObject

    /// Wraps a JSON object without validating it.
    public init(json: JSONObject) {
        self.json = json
    }

    /// Creates the result that ends the subscription opened by this request.
    public init(subscriptionID: RequestID) {
        self.init(json: [:])
        resultType = .complete
        self.subscriptionID = subscriptionID
    }

    /// The member rules of all revisions.
    public static let members: [Member] = [
        .required(
            "_meta",
            .object(.resultMeta + [.required(MetaKey.subscriptionID.rawValue, .stringOrInteger)])
        ),
        .required("resultType", .string),
    ]
}
