import AsyncRuntime
import JSON
public import JSONRPC
public import MCP
import Synchronization

extension Client {
    /// Subscribes to changes; they are events of the connection.
    ///
    /// Source: 2026-07-28, "Subscriptions"; 2025-11-25, "Resources", subscriptions.
    ///
    /// - Throws: ``CallError`` if the server refuses, or does not acknowledge within the limit of a request (default:
    ///   that of connecting). Resources that were subscribed to before in the same call stay so.
    public func subscribe(
        _ filter: SubscriptionFilter,
        limits: CallLimits? = nil
    ) async throws(CallError) -> Subscription {
        revision.profile.allows(.subscriptionsListen, .clientToServer)
            ? try await listen(filter, within: limits?.request ?? options.limits.connect)
            : try await subscribeEach(filter, limits)
    }

    /// Subscribes to changes of resources.
    ///
    /// - Throws: ``CallError``.
    public func subscribe(toResources uris: [String]) async throws(CallError) -> Subscription {
        var filter = SubscriptionFilter()
        filter.resourceSubscriptions = uris
        return try await subscribe(filter)
    }

    /// Ends a subscription.
    ///
    /// - Throws: ``CallError``; in the legacy era only, which has a request for it.
    public func unsubscribe(_ subscription: Subscription, limits: CallLimits? = nil) async throws(CallError) {
        if let task = subscription.task {
            subscription.end(.byUs)
            await task.value
            return
        }
        guard case .active = subscription.status else { return }
        subscription.end(.byUs)
        for uri in subscription.accepted?.resourceSubscriptions ?? [] {
            link.state.withLock { $0.subscribedResources.remove(uri) }
            _ = try await request(.resourcesUnsubscribe, ResourceParams(uri: uri), limits: limits)
        }
    }

    /// Notifies the server that the client's root directories changed; in the legacy era only, if that was declared.
    ///
    /// Source: 2025-11-25, "Roots".
    ///
    /// - Throws: ``TransportFailure`` if the connection is closed.
    public func rootsChanged() throws {
        guard revision.profile.allows(notification: .rootsListChanged, .clientToServer),
            options.declaredCapabilities(in: revision).has(.rootsListChanged)
        else { return }
        try link.notify(.rootsListChanged)
    }

    // MARK: - Legacy

    private func subscribeEach(
        _ filter: SubscriptionFilter,
        _ limits: CallLimits?
    ) async throws(CallError) -> Subscription {
        for uri in filter.resourceSubscriptions ?? [] {
            _ = try await request(.resourcesSubscribe, ResourceParams(uri: uri), limits: limits)
            link.state.withLock { $0.subscribedResources.add(uri) }
        }
        // Servers report changes of their lists unasked if they declared it.
        var accepted = SubscriptionFilter()
        accepted.resourceSubscriptions = filter.resourceSubscriptions
        let declared = capabilities
        if filter.toolsListChanged == true, declared.has(.toolsListChanged) { accepted.toolsListChanged = true }
        if filter.promptsListChanged == true, declared.has(.promptsListChanged) { accepted.promptsListChanged = true }
        if filter.resourcesListChanged == true, declared.has(.resourcesListChanged) {
            accepted.resourcesListChanged = true
        }
        return Subscription(filter, accepted: accepted)
    }

    // MARK: - Modern

    private func listen(_ filter: SubscriptionFilter, within limit: Duration) async throws(CallError) -> Subscription {
        let subscription = Subscription(filter)
        subscription.start(Task { await Listening(client: self, subscription: subscription).run() })
        let deadline = link.scheduler.schedule(at: link.scheduler.now.advanced(by: limit)) {
            subscription.giveUp(.timeout(.request, after: limit))
        }
        defer { deadline.cancel() }
        let opened = await withTaskCancellationHandler {
            await subscription.opened.wait()
        } onCancel: {
            subscription.giveUp(.cancelled)
        }
        try opened.get()
        return subscription
    }
}
