import AsyncRuntime
import JSON
public import JSONRPC
public import MCP
import Synchronization

extension Client {
    /// Asks the server to tell about changes; what it tells are events of the connection.
    ///
    /// Source: 2026-07-28, "Subscriptions"; 2025-11-25, "Resources", subscriptions.
    ///
    /// - Throws: ``CallError`` if the server refuses, or does not acknowledge it within the limit of a request, else of
    ///   connecting. What was subscribed to before in the same call stays so.
    public func subscribe(
        _ filter: SubscriptionFilter,
        limits: CallLimits? = nil
    ) async throws(CallError) -> Subscription {
        revision.profile.allows(.subscriptionsListen, .clientToServer)
            ? try await listen(filter, within: limits?.request ?? options.limits.connect)
            : try await subscribeEach(filter, limits)
    }

    /// Asks the server to tell about changes of resources.
    ///
    /// - Throws: ``CallError``.
    public func subscribe(toResources uris: [String]) async throws(CallError) -> Subscription {
        var filter = SubscriptionFilter()
        filter.resourceSubscriptions = uris
        return try await subscribe(filter)
    }

    /// Ends a subscription.
    ///
    /// - Throws: ``CallError``; the legacy era only, which has a request for it.
    public func unsubscribe(_ subscription: Subscription, limits: CallLimits? = nil) async throws(CallError) {
        if let task = subscription.state.withLock({ $0.task }) {
            subscription.end(.byUs)
            await task.value
            return
        }
        guard case .active = subscription.status else { return }
        subscription.end(.byUs)
        for uri in subscription.honoured?.resourceSubscriptions ?? [] {
            link.state.withLock { $0.subscribedResources.remove(uri) }
            _ = try await request(
                .resourcesUnsubscribe,
                RequestParams([("uri", JSONText(.string(uri)))]),
                limits: limits
            )
        }
    }

    /// Tells the server that our root directories are others now; the legacy era only, where it was declared.
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
            _ = try await request(.resourcesSubscribe, RequestParams([("uri", JSONText(.string(uri)))]), limits: limits)
            link.state.withLock { $0.subscribedResources.add(uri) }
        }
        // Changes of lists are told unasked by those servers that declared it.
        var honoured = SubscriptionFilter()
        honoured.resourceSubscriptions = filter.resourceSubscriptions
        let declared = capabilities
        if filter.toolsListChanged == true, declared.has(.toolsListChanged) { honoured.toolsListChanged = true }
        if filter.promptsListChanged == true, declared.has(.promptsListChanged) { honoured.promptsListChanged = true }
        if filter.resourcesListChanged == true, declared.has(.resourcesListChanged) {
            honoured.resourcesListChanged = true
        }
        return Subscription(filter, honoured: honoured)
    }

    // MARK: - Modern

    private func listen(_ filter: SubscriptionFilter, within limit: Duration) async throws(CallError) -> Subscription {
        let subscription = Subscription(filter)
        let task = Task { await Listening(client: self, subscription: subscription).run() }
        subscription.state.withLock { $0.task = task }
        let deadline = link.scheduler.schedule(at: link.scheduler.now.advanced(by: limit)) {
            subscription.giveUp(.timeout(.request, after: limit))
        }
        let outcome = await withTaskCancellationHandler {
            await subscription.opened()
        } onCancel: {
            subscription.giveUp(.cancelled)
        }
        deadline.cancel()
        try outcome.get()
        return subscription
    }
}

extension Subscription {
    /// Ends it unless it was opened by now.
    fileprivate func giveUp(_ failure: CallFailure) {
        guard case .opening = status else { return }
        let id = state.withLock { $0.id } ?? 0
        end(.failed(CallError(cause: .failed(failure), id: id, request: [], elapsed: .zero)))
    }
}
