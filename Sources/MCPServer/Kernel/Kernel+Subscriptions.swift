import JSON
import JSONRPC
import MCP

extension Routes {
    /// Serves `subscriptions/listen`, whose response is sent when the subscription ends.
    mutating func addSubscriptions(of server: Server, on bus: ChangeBus, _ tasks: TaskStore) {
        on(.subscriptionsListen) { (params: ListenParams, context) in
            guard let requested = params.notifications else {
                throw RPCError.invalidParams("`notifications` must be an object that selects notifications")
            }
            if requested.taskIDs != nil, server.offersTasks { try context.requireTasks() }
            let filter = AcceptedFilter(
                server.offersTasks ? requested : requested.withoutTasks,
                kinds: bus.kinds,
                hasResource: server.hasResource,
                hasTask: { tasks.find($0, of: context.owner) != nil }
            )
            let subscription = StreamSubscription(context.id, filter) { event in
                event.notification(of: context.id, in: context.revision)
            } send: { bytes in
                context.exchange.send(bytes)
            }
            // Added before the client learns of the subscription, so that no event is lost.
            bus.add(subscription)
            defer { bus.remove(subscription) }
            context.exchange.endsBy { subscription.end() }
            subscription.acknowledge()
            await subscription.waitUntilEnded()
            return .complete(.view(ListenResult(subscriptionID: context.id)))
        }
    }
}

extension Event {
    /// The notification for a subscription.
    fileprivate func notification(of subscription: RequestID, in revision: Revision) -> [UInt8] {
        switch self {
        case .change(let change):
            var (name, params) = change.notification
            params.subscriptionID = subscription
            return Message.encode(name, params, in: revision)
        case .task(let task):
            var params = task.statusParams(in: revision)
            params.subscriptionID = subscription
            return Message.encode(.tasks, params, in: revision)
        }
    }
}

extension SubscriptionFilter {
    fileprivate var withoutTasks: SubscriptionFilter {
        var filter = self
        filter.taskIDs = nil
        return filter
    }
}
