public import JSON
public import JSONRPC
import MCP
public import MCPTransport
import Synchronization

/// A transport in use: every frame passes the transcript, then the peer; what is odd is noted.
///
/// A link lives as long as its transport. Connecting may use up more than one, as when a server dies of the probe.
public final class ClientLink: Sendable {
    /// The transport underneath.
    public let transport: any ClientTransport
    /// Every frame of the link.
    public let transcript: Transcript
    /// What was noticed about the server, in order.
    public let observations: Observations

    let peer: Peer
    let scheduler: any Scheduler
    let began: ContinuousClock.Instant
    private let state = Mutex(State())

    private struct State {
        var revision: Revision?
        var end: TransportEnd?
        var progress: [RequestID: ProgressHandler] = [:]
        var abandoned: Set<RequestID> = []
        var endWaiters: [CheckedContinuation<TransportEnd, Never>] = []
    }

    /// Takes what a server reports about the progress of a request.
    public typealias ProgressHandler = @Sendable (JSONText) -> Void

    init(_ transport: any ClientTransport, scheduler: any Scheduler) {
        self.transport = transport
        self.scheduler = scheduler
        let began = scheduler.now
        self.began = began
        let transcript = Transcript(began: began)
        self.transcript = transcript
        observations = Observations()
        // What has a head of its own goes by `transmit`; this is for answers.
        peer = Peer(scheduler: scheduler) { bytes, request in
            transcript.record(.sent, bytes, at: scheduler.now)
            try transport.send(OutgoingFrame(bytes: bytes, request: request))
        }
    }

    /// How the connection ended, once it has.
    public var end: TransportEnd? {
        state.withLock { $0.end }
    }

    /// The revision that was agreed upon decides how the server's requests and batches are met.
    func settle(on revision: Revision) {
        state.withLock { $0.revision = revision }
        transport.settled(on: revision)
    }

    // MARK: - Sending

    /// Sends a frame with its head.
    private func transmit(_ frame: OutgoingFrame) throws {
        transcript.record(.sent, frame.bytes, at: scheduler.now)
        try transport.send(frame)
    }

    /// Sends a greeting, `initialize` or `server/discover`, and waits for its answer.
    ///
    /// The handshake must not be cancelled (lifecycle, all legacy revisions), nor is a question of the probe.
    func greet(_ greeting: Greeting, id: RequestID, limits: CallLimits) async throws(CallFailure) -> Reply {
        try await request(
            Message.encode(id: id, method: greeting.method.rawValue, params: greeting.params),
            id: id,
            head: greeting.head,
            limits: limits,
            isCancellable: false
        )
    }

    /// Sends a request and waits for its answer, or tells the server that it is not wanted any more.
    func request(
        _ bytes: [UInt8],
        id: RequestID,
        head: FrameHead,
        limits: CallLimits,
        isCancellable: Bool,
        onProgress: ProgressHandler? = nil
    ) async throws(CallFailure) -> Reply {
        // What was never sent need not be called off.
        if Task.isCancelled { throw .cancelled }
        if let onProgress { state.withLock { $0.progress[id] = onProgress } }
        defer { if onProgress != nil { state.withLock { $0.progress[id] = nil } } }
        do {
            return try await peer.request(bytes, id: id, limits: limits) { [self] bytes, id in
                try transmit(OutgoingFrame(bytes: bytes, request: id, head: head))
            }
        } catch {
            switch error {
            case .timeout, .cancelled:
                _ = state.withLock { $0.abandoned.insert(id) }
                if isCancellable { cancel(id, reason: error.description) }
            default: break
            }
            throw error
        }
    }

    func notify(_ name: NotificationName, params: JSONText? = nil) throws {
        var head = FrameHead()
        head.method = Method(rawValue: name.rawValue)
        if let revision = state.withLock({ $0.revision }), revision.era == .modern { head.revision = revision.wireName }
        try transmit(OutgoingFrame(bytes: Message.encode(method: name.rawValue, params: params), head: head))
    }

    /// Sends bytes as they are and waits for nothing.
    func post(_ bytes: [UInt8], head: FrameHead) throws {
        try transmit(OutgoingFrame(bytes: bytes, head: head))
    }

    private func cancel(_ id: RequestID, reason: String) {
        guard !transport.abandon(id) else { return }
        let params: JSONValue = ["requestId": id.value, "reason": .string(reason)]
        do {
            try notify(.cancelled, params: JSONText(params))
        } catch {
            observations.note(.sendFailed("the cancellation of request \(id) could not be sent: \(error)"), frame: nil)
        }
    }

    // MARK: - The end

    /// Waits until the connection has ended.
    public func ended() async -> TransportEnd {
        await withCheckedContinuation { continuation in
            let end = state.withLock { state in
                if state.end == nil { state.endWaiters.append(continuation) }
                return state.end
            }
            if let end { continuation.resume(returning: end) }
        }
    }

    /// Ends the connection.
    @discardableResult
    public func close() async -> TransportEnd {
        await transport.close()
    }
}

// MARK: - Receiving

extension ClientLink: ClientTransportReceiver {
    /// Takes a frame: into the transcript, then to whom it concerns.
    public func received(_ bytes: [UInt8], for request: RequestID?) {
        let frame = Frame(received: bytes)
        var isNoise = false
        if case .noise = frame.content { isNoise = true }
        let number = transcript.record(
            .received,
            bytes,
            at: scheduler.now,
            isNoise: isNoise,
            remarks: frame.oddities.map(\.description)
        )
        for oddity in frame.oddities { observations.note(.oddity(oddity), frame: number) }
        noteBatch(frame, number)
        for inbound in peer.receive(frame, for: request) { handle(inbound, frame: number) }
    }

    /// Messages in a batch are read all the same, for what they say is worth more than their wrapping.
    private func noteBatch(_ frame: Frame, _ number: Int) {
        guard case .message(.batch) = frame.content, let revision = state.withLock({ $0.revision }),
            !revision.has(.batching)
        else { return }
        let reason = "messages in a batch, which revision \(revision) does not have"
        observations.note(.invalidMessage(nil, reason), frame: number)
    }

    private func handle(_ inbound: Inbound, frame: Int) {
        switch inbound {
        case .answered: break
        case .request(let request), .duplicateRequest(let request): answer(request, frame: frame)
        case .notification(let notification): take(notification, frame: frame)
        case .stray(let id):
            let wasAbandoned = id.map { id in state.withLock { $0.abandoned.remove(id) != nil } } ?? false
            observations.note(wasAbandoned ? .lateAnswer(id) : .strayAnswer(id), frame: frame)
        case .invalid(let id, let reason): observations.note(.invalidMessage(id, reason), frame: frame)
        case .noise(let error): observations.note(.noise(error), frame: frame)
        }
    }

    /// Answers requests of the server as the specification says where nothing handles them yet.
    ///
    /// Source: "Ping" and error handling of roots and sampling, legacy revisions; "Message patterns" of the modern
    /// ones, where a server must not ask and a client does not answer.
    private func answer(_ request: Message.Request, frame: Int) {
        observations.note(.serverRequest(request.method), frame: frame)
        guard state.withLock({ $0.revision })?.era != .modern else {
            peer.finishInbound(request.id)
            return
        }
        let response =
            request.method == Method.ping.rawValue
            ? Message.encode(id: request.id, result: JSONText([:]))
            : Message.encode(id: request.id, error: .methodNotFound(request.method))
        do {
            try peer.respond(to: request.id, with: response)
        } catch {
            observations.note(.sendFailed("the answer to \(request.method) could not be sent: \(error)"), frame: frame)
        }
    }

    private func take(_ notification: Message.Notification, frame: Int) {
        guard notification.method == NotificationName.progress.rawValue, let params = notification.params else {
            observations.note(.notification(notification.method), frame: frame)
            return
        }
        // We use a request's id as its progress token.
        guard let token = params["progressToken"].flatMap({ RequestID($0.value()) }) else {
            observations.note(.invalidMessage(nil, "a progress notification has no token"), frame: frame)
            return
        }
        peer.touch(token)
        observations.note(.notification(notification.method), frame: frame)
        state.withLock { $0.progress[token] }?(params)
    }

    /// Fails the request whose exchange broke.
    public func failed(_ id: RequestID, _ failure: TransportFailure) {
        peer.fail(id, .broken(failure))
    }

    /// Fails whatever waits, with the reason.
    public func ended(_ end: TransportEnd) {
        let waiters = state.withLock { state in
            guard state.end == nil else { return [] as [CheckedContinuation<TransportEnd, Never>] }
            state.end = end
            defer { state.endWaiters = [] }
            return state.endWaiters
        }
        peer.end(end.reason)
        for waiter in waiters { waiter.resume(returning: end) }
    }
}
