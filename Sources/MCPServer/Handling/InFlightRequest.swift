import AsyncRuntime
import JSON
import JSONRPC
import MCP
import MCPTransport
import Synchronization

/// One request from its arrival to its response.
final class InFlightRequest: Sendable {
    private struct State {
        var isOpen: Bool
        var isCancelled = false
        var progress = -Double.infinity
        var task: Task<Void, Never>?
        var isDone = false
        /// Opened when the work is done; created only if something waits for that, as at the end of a conversation.
        var finished: Latch<Void>?
        /// Ends a request that would otherwise run until the conversation ends.
        var end: (@Sendable () -> Void)?
        /// The conversation is ending.
        var isEnding = false
    }

    /// Where a request comes from.
    struct Origin: Sendable {
        /// The ID of the conversation.
        let session: String
        let host: HostLink
        let caller: Caller
    }

    let id: RequestID
    let origin: Origin
    let progressToken: ProgressToken?

    private let peer: Peer
    /// Sends to the host, whether or not the request has its response.
    let write: @Sendable (ServerSending) -> Void
    private let state: Mutex<State>

    /// Creates a request.
    ///
    /// - Parameter isOpen: Whether something can be sent for it.
    init(
        id: RequestID,
        from origin: Origin,
        progressToken: ProgressToken?,
        peer: Peer,
        isOpen: Bool = true,
        send: @escaping @Sendable (ServerSending) -> Void
    ) {
        self.id = id
        self.origin = origin
        self.progressToken = progressToken
        self.peer = peer
        write = send
        state = Mutex(State(isOpen: isOpen))
    }

    // MARK: - Sending

    /// Sends a notification of the request, unless the request has its response or was cancelled.
    func send(_ notification: [UInt8]) {
        guard isOpen else { return }
        write(.notification(notification))
    }

    /// Releases the connection; the client reconnects for the rest.
    func pause(retry: Int) {
        guard isOpen else { return }
        write(.pause(retry: retry))
    }

    /// Sends the response, once, unless the request was cancelled.
    func answer(_ response: ServerSending) {
        let wasOpen = state.withLock { state in
            defer { state.isOpen = false }
            return state.isOpen
        }
        guard wasOpen, peer.finishInbound(id) else { return }
        write(response)
    }

    /// Sends a request to the client on behalf of this one.
    func ask(_ method: Method, _ params: JSONText?) async throws(CallFailure) -> Reply {
        let id = peer.nextID()
        do throws(CallFailure) {
            let request = Message.encode(id: id, method: method.rawValue, params: params)
            return try await peer.request(request, id: id, limits: CallLimits()) { bytes, _ in
                write(.request(bytes))
            }
        } catch {
            if case .cancelled = error { tellCancelled(id) }
            throw error
        }
    }

    private func tellCancelled(_ id: RequestID) {
        let params = CancelledParams(requestID: id, reason: "the request that needed the input was cancelled")
        write(
            .notification(
                Message.encode(method: NotificationName.cancelled.rawValue, params: JSONText(params.jsonValue))
            )
        )
    }

    /// Records progress.
    ///
    /// - Returns: Whether it is more than before.
    func advances(to progress: Double) -> Bool {
        state.withLock { state in
            guard progress > state.progress else { return false }
            state.progress = progress
            return true
        }
    }

    // MARK: - The task that serves it

    /// Whether the response can still be sent.
    var isOpen: Bool {
        state.withLock { $0.isOpen }
    }

    /// Takes ownership of the task, which may have been cancelled or finished already.
    func run(_ task: Task<Void, Never>) {
        let isCancelled = state.withLock { state in
            if !state.isDone { state.task = task }
            return state.isCancelled
        }
        if isCancelled { task.cancel() }
    }

    /// Cancels the work; nothing more is sent.
    func cancel() {
        let task = state.withLock { state in
            state.isOpen = false
            state.isCancelled = true
            return state.task
        }
        if peer.finishInbound(id) { write(.dropped) }
        task?.cancel()
    }

    /// Sets how the request is completed when the conversation ends.
    func endsBy(_ end: @escaping @Sendable () -> Void) {
        let isLate = state.withLock { state in
            state.end = end
            return state.isEnding
        }
        if isLate { end() }
    }

    /// Completes the request if it is one that runs until the conversation ends.
    ///
    /// - Returns: Whether it is one.
    @discardableResult
    func endGracefully() -> Bool {
        let end = state.withLock { state in
            state.isEnding = true
            return state.end
        }
        end?()
        return end != nil
    }

    /// Whether the end of the conversation completed the request.
    var wasEnded: Bool {
        state.withLock { $0.isEnding && $0.end != nil }
    }

    /// The same request, disconnected from its client.
    func detached() -> InFlightRequest {
        InFlightRequest(id: id, from: origin, progressToken: nil, peer: peer, isOpen: false) { _ in }
    }

    /// Marks the work as finished, with or without a response.
    func done() {
        let finished = state.withLock { state in
            state.isDone = true
            state.task = nil
            state.end = nil
            return state.finished
        }
        finished?.open()
    }

    /// Waits until the work has finished.
    func ended() async {
        let finished = state.withLock { state -> Latch<Void>? in
            if state.isDone { return nil }
            let finished = state.finished ?? Latch()
            state.finished = finished
            return finished
        }
        await finished?.wait()
    }
}
