import JSON
import JSONRPC
import MCP
import Synchronization

/// All subscriptions can share one connection, so that notifications name theirs by its id.
extension ClientLink {
    /// The subscription that a notification belongs to, in revisions that have subscriptions; notes what is wrong.
    func subscription(of params: JSONText?, _ name: NotificationName, _ arrival: Arrival) -> RequestID? {
        guard hasSubscriptions else { return arrival.exchange }
        guard let id = subscriptionID(in: params) else {
            breach("\(name) names no subscription", arrival)
            return arrival.exchange
        }
        let (subscription, wasAbandoned) = state.withLock { ($0.subscriptions[id], $0.abandoned.contains(id)) }
        if let subscription {
            if let objection = subscription.objection(to: name) {
                breach("subscription \(id): \(objection)", arrival, exchange: id)
            }
        } else if !wasAbandoned {
            breach("\(name) names the subscription \(id), which does not exist", arrival, exchange: id)
        }
        return id
    }

    func takeAcknowledgement(_ params: JSONText?, _ arrival: Arrival) {
        let id = subscriptionID(in: params)
        let name = NotificationName.subscriptionsAcknowledged
        events.add(.notification(name.rawValue, params), at: arrival.time, exchange: id, frame: arrival.frame)
        guard let id, let subscription = state.withLock({ $0.subscriptions[id] }) else {
            let wasAbandoned = id.map { id in state.withLock { $0.abandoned.contains(id) } } ?? false
            if !wasAbandoned { breach("\(name) names no existing subscription", arrival) }
            return
        }
        let filter = params?["notifications"]?.value().object.map(SubscriptionFilter.init(json:))
        for fault in subscription.acknowledge(filter) {
            breach("subscription \(id): \(fault)", arrival, exchange: id)
        }
    }

    /// Takes `notifications/cancelled`: the server cancels an input request or, as one page says, ends a subscription.
    ///
    /// Source: "Cancellation", all revisions.
    func takeCancellation(_ params: JSONText?, _ arrival: Arrival) {
        let id = params?["requestId"].flatMap { RequestID($0.value()) }
        let name = NotificationName.cancelled.rawValue
        events.add(.notification(name, params), at: arrival.time, exchange: arrival.exchange, frame: arrival.frame)
        guard let id, !cancelInputRequest(id) else { return }
        guard let subscription = state.withLock({ $0.subscriptions[id] }) else { return }
        subscription.endByServer()
        peer.fail(id, .ended("the server ended the subscription"))
    }

    private var hasSubscriptions: Bool {
        state.withLock { $0.revision }?.profile.allows(.subscriptionsListen, .clientToServer) ?? false
    }

    private func subscriptionID(in params: JSONText?) -> RequestID? {
        params?["_meta"]?["io.modelcontextprotocol/subscriptionId"].flatMap { RequestID($0.value()) }
    }
}
