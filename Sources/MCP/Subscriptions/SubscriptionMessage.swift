import JSON
public import JSONRPC

/// A message that can belong to a subscription.
///
/// Source: 2026-07-28, "Subscriptions".
public protocol SubscriptionMessage: JSONObjectView {}

extension SubscriptionMessage {
    /// The ID of the `subscriptions/listen` request that the message belongs to, if its `_meta` names one.
    public var subscriptionID: RequestID? {
        get { meta?[MetaKey.subscriptionID.rawValue].flatMap(RequestID.init(jsonValue:)) }
        set {
            var meta = meta ?? [:]
            meta[MetaKey.subscriptionID.rawValue] = newValue?.value
            self.meta = meta
        }
    }
}
