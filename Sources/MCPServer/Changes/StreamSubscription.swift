import JSON
import JSONRPC
import MCP
import Synchronization

/// One `subscriptions/listen` request while it is open.
///
/// What waits to be sent is never more than what the filter names: of the same thing only the last event is kept.
/// Source: 2026-07-28, "Subscriptions".
final class StreamSubscription: Subscriber {
    private struct State {
        var waiting: [Event] = []
        /// Whether somebody is sending: first whoever acknowledges.
        var isSending = true
        var isOver = false
        var end: CheckedContinuation<Void, Never>?
    }

    private let id: RequestID
    private let filter: AcceptedFilter
    private let notification: @Sendable (Event) -> [UInt8]
    private let send: @Sendable ([UInt8]) -> Void
    private let state = Mutex(State())

    /// Creates a subscription that has not been acknowledged yet.
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

    /// Sends what is honoured, then what has happened since the bus knows of the subscription.
    func acknowledge() {
        let params = SubscriptionsAcknowledgedParams(subscriptionID: id, notifications: filter.json)
        let name = NotificationName.subscriptionsAcknowledged.rawValue
        send(Message.encode(method: name, params: JSONText(params.jsonValue)))
        sendWaiting()
    }

    func take(_ event: Event) {
        guard filter.wants(event) else { return }
        let sends = state.withLock { state in
            guard !state.isOver else { return false }
            state.waiting.removeAll { $0.isSame(as: event) }
            state.waiting.append(event)
            defer { state.isSending = true }
            return !state.isSending
        }
        if sends { sendWaiting() }
    }

    /// One at a time, so that nothing is overtaken, and with no lock held.
    private func sendWaiting() {
        while let event = next() {
            send(notification(event))
        }
    }

    private func next() -> Event? {
        state.withLock { state in
            guard !state.waiting.isEmpty, !state.isOver else {
                state.isSending = false
                return nil
            }
            return state.waiting.removeFirst()
        }
    }

    // MARK: - The end

    /// Ends the subscription; nothing more is sent for it.
    func end() {
        let continuation = state.withLock { state in
            state.isOver = true
            state.waiting = []
            defer { state.end = nil }
            return state.end
        }
        continuation?.resume()
    }

    /// Waits for the end, or until the task is cancelled.
    func ended() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    if !state.isOver { state.end = continuation }
                    return state.isOver
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            end()
        }
    }
}

extension Event {
    /// Tells whether an event says of the same thing how it is now.
    fileprivate func isSame(as other: Event) -> Bool {
        switch (self, other) {
        case (.change(let one), .change(let other)): one == other
        case (.task(let one), .task(let other)): one.id == other.id
        default: false
        }
    }
}
