import JSON
import JSONRPC
import MCP
import MCPTransport
import Synchronization

/// One request from its arrival to its answer: what may still be sent for it.
final class InFlightRequest: Sendable {
    private struct State {
        var isOpen = true
        var isCancelled = false
        var progress = -Double.infinity
        var task: Task<Void, Never>?
        var isDone = false
        /// What ends a request that would go on for ever.
        var end: (@Sendable () -> Void)?
        /// The conversation ends, as far as the request lets it.
        var isEnding = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    let id: RequestID
    let progressToken: ProgressToken?

    private let peer: Peer
    private let way: @Sendable (ServerSending) -> Void
    private let state = Mutex(State())

    init(
        id: RequestID,
        progressToken: ProgressToken?,
        peer: Peer,
        way: @escaping @Sendable (ServerSending) -> Void
    ) {
        self.id = id
        self.progressToken = progressToken
        self.peer = peer
        self.way = way
    }

    // MARK: - Sending

    /// Sends a notification that belongs to the request, unless that was answered or cancelled.
    func send(_ notification: [UInt8]) {
        guard state.withLock({ $0.isOpen }) else { return }
        way(.notification(notification))
    }

    /// Lets the client come back for the rest.
    func pause(retry: Int) {
        guard state.withLock({ $0.isOpen }) else { return }
        way(.pause(retry: retry))
    }

    /// Answers the request, once, unless it was cancelled.
    func answer(_ response: ServerSending) {
        let wasOpen = state.withLock { state in
            defer { state.isOpen = false }
            return state.isOpen
        }
        guard wasOpen, peer.finishInbound(id) else { return }
        way(response)
    }

    /// Asks the client something on behalf of the request.
    func ask(_ method: Method, _ params: JSONText?) async throws(CallFailure) -> Reply {
        let id = peer.nextID()
        do throws(CallFailure) {
            let request = Message.encode(id: id, method: method.rawValue, params: params)
            return try await peer.request(request, id: id, limits: CallLimits()) { [way] bytes, _ in
                way(.request(bytes))
            }
        } catch {
            if case .cancelled = error { tellCancelled(id) }
            throw error
        }
    }

    private func tellCancelled(_ id: RequestID) {
        let params = CancelledParams(requestID: id, reason: "the request that needed the answer was cancelled")
        way(
            .notification(
                Message.encode(method: NotificationName.cancelled.rawValue, params: JSONText(params.jsonValue))
            )
        )
    }

    /// Notes progress and tells whether it is more than before.
    func advances(to progress: Double) -> Bool {
        state.withLock { state in
            guard progress > state.progress else { return false }
            state.progress = progress
            return true
        }
    }

    // MARK: - The task that serves it

    /// Whether the request may still be answered.
    var isOpen: Bool {
        state.withLock { $0.isOpen }
    }

    /// Takes the task in charge, which may be cancelled or done already.
    func run(_ task: Task<Void, Never>) {
        let isCancelled = state.withLock { state in
            if !state.isDone { state.task = task }
            return state.isCancelled
        }
        if isCancelled { task.cancel() }
    }

    /// Stops the work; nothing is sent any more.
    func cancel() {
        let task = state.withLock { state in
            state.isOpen = false
            state.isCancelled = true
            return state.task
        }
        if peer.finishInbound(id) { way(.dropped) }
        task?.cancel()
    }

    /// Says how the request can be brought to its answer when the conversation ends.
    func endsBy(_ end: @escaping @Sendable () -> Void) {
        let isLate = state.withLock { state in
            state.end = end
            return state.isEnding
        }
        if isLate { end() }
    }

    /// Brings the request to its answer, if it is one of those that go on until somebody says so.
    ///
    /// - Returns: Whether it is.
    @discardableResult
    func endGracefully() -> Bool {
        let end = state.withLock { state in
            state.isEnding = true
            return state.end
        }
        end?()
        return end != nil
    }

    /// Whether the request went on until the conversation's end brought it to its answer.
    var wasEnded: Bool {
        state.withLock { $0.isEnding && $0.end != nil }
    }

    /// The same request with no way to its client.
    func detached() -> InFlightRequest {
        let exchange = InFlightRequest(id: id, progressToken: nil, peer: peer) { _ in }
        exchange.state.withLock { $0.isOpen = false }
        return exchange
    }

    /// Tells that the work has ended, answered or not.
    func done() {
        let waiting = state.withLock { state in
            state.isDone = true
            state.task = nil
            state.end = nil
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }

    /// Waits until the work has ended.
    func ended() async {
        await withCheckedContinuation { continuation in
            let isDone = state.withLock { state in
                if !state.isDone { state.waiting.append(continuation) }
                return state.isDone
            }
            if isDone { continuation.resume() }
        }
    }
}
