import AsyncRuntime
public import JSON
public import JSONRPC
import MCP
public import MCPTransport
import Synchronization

/// A transport in use: every frame is recorded in the transcript and handed to the peer, and anomalies become events.
///
/// A link lasts as long as its transport. Connecting may need more than one, as when a server exits on the probe.
public final class ClientLink: Sendable {
    /// The transport underneath.
    public let transport: any ClientTransport
    /// Every frame of the link.
    public let transcript: Transcript
    /// The server's notifications and what was observed about it, in order.
    public let events: EventLog

    let options: ClientOptions
    let peer: Peer
    let scheduler: any Scheduler
    let began: ContinuousClock.Instant
    let state = Mutex(State())
    /// Opened last, when everything that waited has failed.
    private let closed = Latch<TransportEnd>()

    struct State {
        var revision: Revision?
        var end: TransportEnd?
        var endedAt: ContinuousClock.Instant?
        var exchanges: [RequestID: OpenExchange] = [:]
        var abandoned: Set<RequestID> = []
        var inputRequests: [RequestID: OpenInputRequest] = [:]
        var subscriptions: [RequestID: Subscription] = [:]
        /// Legacy era: the subscribed resources, with the number of subscribers.
        var subscribedResources = SubscribedResources()
        var logLevel = RequestedLogLevel()
    }

    /// Receives the progress of a request.
    public typealias ProgressHandler = @Sendable (JSONText) -> Void

    init(_ transport: any ClientTransport, scheduler: any Scheduler, options: ClientOptions) {
        self.transport = transport
        self.options = options
        self.scheduler = scheduler
        let began = scheduler.now
        self.began = began
        let transcript = Transcript(began: began)
        self.transcript = transcript
        let events = EventLog(bounds: options.eventBounds, onEvent: options.onEvent)
        self.events = events
        // Responses only; frames with a head go through `transmit`.
        peer = Peer(scheduler: scheduler, hasExchanges: transport.kind.hasExchanges) { bytes, request in
            Self.record(bytes, request, in: transcript, events, at: scheduler.now, since: began)
            try transport.send(OutgoingFrame(bytes: bytes, request: request, isResponse: true))
        }
    }

    /// What was observed about the server, in order.
    public var observations: Observations { Observations(events: events) }

    /// How the connection ended, once it has.
    public var end: TransportEnd? {
        state.withLock { $0.end }
    }

    /// When the connection ended, once it has.
    public var endedAt: ContinuousClock.Instant? {
        state.withLock { $0.endedAt }
    }

    /// Sets the negotiated revision, which decides how requests and batches of the server are handled.
    func settle(on revision: Revision) {
        state.withLock { $0.revision = revision }
        transport.settled(on: revision)
    }

    // MARK: - Sending

    /// Sends a frame with its head.
    private func transmit(_ frame: OutgoingFrame) throws {
        Self.record(frame.bytes, frame.request, in: transcript, events, at: scheduler.now, since: began)
        try transport.send(frame)
    }

    private static func record(
        _ bytes: [UInt8],
        _ request: RequestID?,
        in transcript: Transcript,
        _ events: EventLog,
        at now: ContinuousClock.Instant,
        since began: ContinuousClock.Instant
    ) {
        let number = transcript.record(.sent, bytes, at: now)
        guard events.includesFrames else { return }
        events.add(.frame(.sent, bytes), at: began.duration(to: now), exchange: request, frame: number)
    }

    /// Sends `initialize` or `server/discover`, and waits for its response.
    ///
    /// It is never cancelled: `initialize` must not be (lifecycle, all legacy revisions).
    func greet(_ greeting: OpeningRequest, id: RequestID, limits: CallLimits) async throws(CallFailure) -> Reply {
        try await request(
            OutgoingRequest(
                Message.encode(id: id, method: greeting.method.rawValue, params: greeting.params),
                id: id,
                head: greeting.head,
                limits: limits,
                isCancellable: false,
                exchange: OpenExchange(canAsk: false)
            )
        )
    }

    /// Sends a request and waits for its response.
    ///
    /// A timeout or a cancellation cancels the request at the server.
    @inline(__always)
    func request(_ request: OutgoingRequest) async throws(CallFailure) -> Reply {
        // A request that was never sent needs no cancellation.
        if Task.isCancelled { throw .cancelled }
        open(request)
        do {
            // The response removes the exchange.
            return try await peer.request(request.bytes, id: request.id, limits: request.limits) { _, _ in
                try transmit(request)
            }
        } catch {
            close(request, because: error)
            throw error
        }
    }

    // The parts of a request are not inlined, so that its async function has few variables.

    @inline(never)
    private func open(_ request: OutgoingRequest) {
        state.withLock { $0.exchanges[request.id] = request.exchange }
    }

    @inline(never)
    private func transmit(_ request: OutgoingRequest) throws {
        try transmit(OutgoingFrame(bytes: request.bytes, request: request.id, head: request.head))
    }

    @inline(never)
    private func close(_ request: OutgoingRequest, because failure: CallFailure) {
        let id = request.id
        let wasAbandoned =
            switch failure {
            case .timeout, .cancelled: true
            default: false
            }
        state.withLock { state in
            state.exchanges[id] = nil
            if wasAbandoned { state.abandoned.insert(id) }
        }
        guard wasAbandoned else { return }
        cancelInputRequests(of: id)
        if request.isCancellable { cancel(id, reason: failure.description) }
    }

    /// Whether a request was cancelled or timed out, and no response has come since.
    public func isUnanswered(_ id: RequestID) -> Bool {
        state.withLock { $0.abandoned.contains(id) }
    }

    func notify(_ name: NotificationName, params: JSONText? = nil) throws {
        var head = FrameHead()
        head.method = Method(rawValue: name.rawValue)
        if let revision = state.withLock({ $0.revision }), revision.era == .modern { head.revision = revision.wireName }
        try transmit(OutgoingFrame(bytes: Message.encode(method: name.rawValue, params: params), head: head))
    }

    /// Sends bytes unchanged and does not wait for a response.
    func post(_ bytes: [UInt8], head: FrameHead) throws {
        try transmit(OutgoingFrame(bytes: bytes, head: head))
    }

    private func cancel(_ id: RequestID, reason: String) {
        guard !transport.abandon(id) else { return }
        let params: JSONValue = ["requestId": id.value, "reason": .string(reason)]
        do {
            try notify(.cancelled, params: JSONText(params))
        } catch {
            note(.sendFailed("the cancellation of request \(id) could not be sent: \(error)"))
        }
    }

    // MARK: - Closing

    /// Waits until the connection has closed.
    public func ended() async -> TransportEnd {
        await closed.wait()
    }

    /// Closes the connection.
    @discardableResult
    public func close() async -> TransportEnd {
        await transport.close()
    }

    /// Closes the connection to a server that does not respond.
    func closeAtOnce() async {
        await transport.closeAtOnce()
    }
}

// MARK: - Receiving

extension ClientLink: ClientTransportReceiver {
    /// Records a frame and hands its messages on.
    public func received(_ frame: Frame, for request: RequestID?) {
        let bytes = frame.bytes
        let now = scheduler.now
        var isNoise = false
        if case .noise = frame.content { isNoise = true }
        let number = transcript.record(
            .received,
            bytes,
            at: now,
            isNoise: isNoise,
            remarks: frame.oddities.map(\.description)
        )
        let time = began.duration(to: now)
        if events.includesFrames {
            events.add(.frame(.received, bytes), at: time, exchange: request, frame: number)
        }
        let arrival = Arrival(frame: number, exchange: request, time: time)
        for oddity in frame.oddities { note(.oddity(oddity), arrival) }
        noteBatch(frame, arrival)
        peer.receive(frame, for: request) { handle($0, arrival) }
    }

    /// Reports a batch that the revision does not have; its messages are read all the same.
    private func noteBatch(_ frame: Frame, _ arrival: Arrival) {
        guard case .message(.batch) = frame.content, let revision = state.withLock({ $0.revision }),
            !revision.has(.batching)
        else { return }
        let reason = "messages in a batch, which revision \(revision) does not have"
        note(.invalidMessage(nil, reason), arrival)
    }

    private func handle(_ inbound: Inbound, _ arrival: Arrival) {
        switch inbound {
        case .answered(let id): state.withLock { $0.exchanges[id] = nil }
        case .request(let request): take(request, arrival)
        case .duplicateRequest(let request):
            // A response would be taken for that of the first request.
            breach("the server used the id \(request.id) again while its request still waits", arrival)
        case .notification(let notification): take(notification, arrival)
        case .stray(let id):
            // If the exchange is still open, its waiter has timed out but not run yet.
            let wasAbandoned =
                id.map { id in
                    state.withLock { $0.abandoned.remove(id) != nil || $0.exchanges[id] != nil }
                } ?? false
            note(wasAbandoned ? .lateAnswer(id) : .strayAnswer(id), arrival)
        case .invalid(let id, let reason): note(.invalidMessage(id, reason), arrival)
        case .noise(let error): note(.noise(error), arrival)
        }
    }

    /// Fails the request whose exchange broke.
    public func failed(_ id: RequestID, _ failure: TransportFailure) {
        peer.fail(id, .broken(failure))
    }

    /// Fails everything that waits, with the reason.
    public func ended(_ end: TransportEnd) {
        let inputRequests: [OpenInputRequest]? = state.withLock { state in
            guard state.end == nil else { return nil }
            state.end = end
            state.endedAt = scheduler.now
            defer { state.inputRequests = [:] }
            return Array(state.inputRequests.values)
        }
        guard let inputRequests else { return }
        peer.end(end.reason)
        for request in inputRequests { request.task.cancel() }
        closed.open(end)
        events.finish()
    }
}
