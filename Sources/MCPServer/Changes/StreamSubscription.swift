import AsyncRuntime
import JSON
import JSONRPC
import MCP
import Synchronization

/// An open `subscriptions/listen` request.
///
/// The queue is bounded by the filter: a newer event replaces an older one about the same object.
/// Source: 2026-07-28, "Subscriptions".
final class StreamSubscription: Subscriber {
    private enum State {
        case idle
        /// One thread sends, and takes these events next.
        case sending([Event])
    }

    private let id: RequestID
    private let filter: AcceptedFilter
    private let notification: @Sendable (Event) -> [UInt8]
    private let send: @Sendable ([UInt8]) -> Void
    // The acknowledgment is sent first.
    private let state = Mutex(State.sending([]))
    private let ended = Latch<Void>()

    /// Creates a subscription that queues events until ``acknowledge()``.
    init(
        _ id: RequestID,
        _ filter: AcceptedFilter,
        notification: @escaping @Sendable (Event) -> [UInt8],
        send: @escaping @Sendable ([UInt8]) -> Void
    ) {
        self.id = id
        self.filter = filter
        self.notification = notification
        self.send = send
    }

    // MARK: - Events

    /// Sends the accepted filter, then the queued events.
    func acknowledge() {
        let params = SubscriptionsAcknowledgedParams(subscriptionID: id, notifications: filter.json)
        let name = NotificationName.subscriptionsAcknowledged.rawValue
        send(Message.encode(method: name, params: JSONText(params.jsonValue)))
        sendQueue()
    }

    func receive(_ event: Event) {
        guard filter.accepts(event), ended.value == nil else { return }
        let mustSend = state.withLock { state in
            guard case .sending(var queue) = state else {
                state = .sending([event])
                return true
            }
            queue.removeAll { $0.concernsSameObject(as: event) }
            state = .sending(queue + [event])
            return false
        }
        if mustSend { sendQueue() }
    }

    /// Sends event by event, so that none overtakes another, without holding the lock.
    private func sendQueue() {
        while let event = takeNext() { send(notification(event)) }
    }

    private func takeNext() -> Event? {
        let isEnded = ended.value != nil
        return state.withLock { state in
            guard case .sending(var queue) = state, !queue.isEmpty, !isEnded else {
                state = .idle
                return nil
            }
            let event = queue.removeFirst()
            state = .sending(queue)
            return event
        }
    }

    // MARK: - The end

    /// Ends the subscription.
    ///
    /// Nothing more is sent.
    func end() {
        ended.open()
    }

    /// Waits until the subscription ends or the calling task is cancelled, which ends it.
    func waitUntilEnded() async {
        if await ended.waitUnlessCancelled() == nil { end() }
    }
}

extension Event {
    /// Whether both events describe the present state of the same object.
    fileprivate func concernsSameObject(as other: Event) -> Bool {
        switch (self, other) {
        case (.change(let one), .change(let other)): one == other
        case (.task(let one), .task(let other)): one.id == other.id
        default: false
        }
    }
}
