import AsyncRuntime
import JSON
import JSONRPC
import MCP
import MCPHTTP
import MCPTransport
import NIOCore
import NIOHTTP1
import Synchronization

/// Everything of an open connection over Streamable HTTP: what goes out, what runs, what is remembered.
///
/// What comes of exchanges is handled on the one event loop, so that the receiver is told of one thing after the other.
final class StreamableSession: Sendable {
    let wire: Wire
    let scheduler: any Scheduler
    let receiver: ReceiverUntilEnd
    private let state = Mutex(State())

    private struct State {
        var session = SessionState()
        var outbox = Outbox()
        var running: [RequestID: RequestStream] = [:]
        /// Streams that brought their answer and that the server has not ended yet, oldest first, and since when.
        var answered: [(stream: RequestStream, since: ContinuousClock.Instant)] = []
        /// Whether it will be looked whether one of them is left open.
        var isLookScheduled = false
        var notedOpenStream = false
        var oneWay: OneWayPost?
        var listener: ListeningStream?
        var log = ExchangeLog()
        var isHandshakeOver = false
        var notedSessionFault = false
        var isClosed = false
    }

    init(_ target: HTTPTarget, _ receiver: ReceiverUntilEnd, scheduler: any Scheduler) throws(TransportFailure) {
        wire = try Wire(target, scheduler: scheduler)
        self.receiver = receiver
        self.scheduler = scheduler
    }

    var limits: HTTPClientLimits { wire.target.endpoint.limits }

    // MARK: - Sending

    /// Sends a frame in its turn.
    func send(_ frame: OutgoingFrame) throws {
        for field in frame.head.fields { try HTTPTarget.checkForOneCall(HTTPField(field.name, field.value)) }
        let isOpen = state.withLock { state in
            guard !state.isClosed else { return false }
            // Known from now on, so that it can be abandoned before it was sent.
            if let id = frame.request { state.running[id] = RequestStream(id, frame, in: self) }
            return true
        }
        guard isOpen else { throw TransportFailure(.closed, "the connection is closed") }
        wire.loop.execute { [self] in
            post(state.withLock { $0.isClosed ? [] : $0.outbox.add(frame) })
        }
    }

    private func post(_ frames: [OutgoingFrame]) {
        for frame in frames {
            if let id = frame.request {
                state.withLock { $0.running[id] }?.start()
            } else {
                postOneWay(frame)
            }
        }
    }

    /// What a frame's request says, by what is agreed now.
    func plan(for frame: OutgoingFrame) -> (plan: ExchangePlan, session: SessionState) {
        let session = state.withLock { state in
            if frame.head.method == .initialize, !state.session.isModern(frame.head) {
                // A new session begins without the id of the old one, and without its stream.
                state.session.sessionID = nil
                state.isHandshakeOver = false
            }
            return state.session
        }
        let plan = ExchangePlan(
            method: .POST,
            url: wire.url,
            fields: session.fields(for: frame.head, of: wire.target),
            body: frame.bytes,
            userFields: userFields(and: frame.head.fields.map(\.name))
        )
        return (plan, session)
    }

    /// A request of the session that carries no frame.
    func plan(_ method: HTTPMethod, accept: String? = nil, lastEventID: String? = nil) -> ExchangePlan {
        let session = state.withLock { $0.session }
        return ExchangePlan(
            method: method,
            url: wire.url,
            fields: session.fieldsWithoutFrame(of: wire.target, accept: accept, lastEventID: lastEventID),
            userFields: userFields(and: [])
        )
    }

    private func userFields(and names: [String]) -> Set<String> {
        Set(wire.target.fields.map { $0.name.lowercased() } + names.map { $0.lowercased() })
    }

    /// Makes an exchange that is on record.
    func exchange(
        _ plan: ExchangePlan,
        for request: RequestID? = nil,
        _ sink: @escaping @Sendable (ExchangeStep) -> Void
    ) -> HTTPExchange {
        let exchange = HTTPExchange(plan, on: wire, sink)
        state.withLock { $0.log.add(exchange.record, for: request) }
        return exchange
    }

    // MARK: - Running exchanges

    func finished(_ stream: RequestStream) {
        state.withLock { state in
            if state.running[stream.id] === stream { state.running[stream.id] = nil }
            state.answered.removeAll { $0.stream === stream }
        }
    }

    /// A stream brought its answer, after which the server is to end it; of those that it leaves open a few are kept.
    ///
    /// Source: transports, "Streamable HTTP", "Sending messages to the server", 2025-03-26 and later.
    func isAnswered(_ stream: RequestStream) {
        let now = scheduler.now
        let (surplus, mustLook) = state.withLock { state in
            state.answered.append((stream, now))
            let mustLook = !state.isLookScheduled && !state.notedOpenStream
            state.isLookScheduled = state.isLookScheduled || mustLook
            return (state.answered.count > Self.answeredStreams ? state.answered.first?.stream : nil, mustLook)
        }
        if mustLook { lookForOpenStreams(at: now.advanced(by: Self.patience)) }
        guard let surplus else { return }
        surplus.cancel()
        noteOpen(surplus)
    }

    private static let answeredStreams = 8
    /// How long the end of a stream may come after its answer before it counts as left open.
    private static let patience = Duration.seconds(2)

    /// One look for all streams: usually they have ended long before.
    private func lookForOpenStreams(at time: ContinuousClock.Instant) {
        _ = scheduler.schedule(at: time) { [weak self] in
            guard let self else { return }
            let (open, next) = state.withLock { state -> (RequestStream?, ContinuousClock.Instant?) in
                let oldest = state.answered.first
                if let oldest, oldest.since.advanced(by: Self.patience) > time {
                    return (nil, oldest.since.advanced(by: Self.patience))
                }
                state.isLookScheduled = false
                return (oldest?.stream, nil)
            }
            if let next { lookForOpenStreams(at: next) }
            if let open { wire.loop.execute { [self] in noteOpen(open) } }
        }
    }

    private func noteOpen(_ stream: RequestStream) {
        let isFirst = state.withLock { state in
            defer { state.notedOpenStream = true }
            return !state.notedOpenStream
        }
        guard isFirst else { return }
        note(
            .fault(
                "the server does not end its stream after the answer, as it should",
                request: stream.id,
                evidence: evidence(of: stream.id) ?? [:]
            )
        )
    }

    /// Lets go of a request, where that tells the server or where the server never heard of it.
    func abandon(_ id: RequestID) -> Bool {
        guard let stream = state.withLock({ $0.running[id] }) else { return false }
        return stream.abandon()
    }

    // MARK: - What gets no answer

    private func postOneWay(_ frame: OutgoingFrame) {
        let post = OneWayPost(frame, in: self)
        let done = Once<Void> { [self] in
            if frame.finishesHandshake { handshakeIsOver() }
            self.post(state.withLock { $0.isClosed ? [] : $0.outbox.arrived() })
        }
        state.withLock { $0.oneWay = post }
        post.start { done.run(()) }
        let patience = Outbox.patience
        done.calls(
            off: scheduler.schedule(at: scheduler.now.advanced(by: patience)) { [wire] in
                wire.loop.execute { if done.run(()) { post.tellThatNothingCame(within: patience) } }
            }
        )
    }

    private func handshakeIsOver() {
        state.withLock { $0.isHandshakeOver = true }
        listenIfDue()
    }

    // MARK: - What is agreed

    func settled(on revision: Revision) {
        state.withLock { $0.session.revision = revision }
        wire.loop.execute { [self] in listenIfDue() }
    }

    /// Opens the stream for what belongs to no request, once the handshake is over.
    private func listenIfDue() {
        let listener = state.withLock { state -> ListeningStream? in
            guard !state.isClosed, state.isHandshakeOver, state.session.revision?.era == .legacy else { return nil }
            if let listener = state.listener, listener.sessionID == state.session.sessionID { return nil }
            let old = state.listener
            old?.cancel()
            let new = ListeningStream(of: state.session.sessionID, in: self)
            state.listener = new
            return new
        }
        listener?.start()
    }

    /// Takes the session's id from the head of an answer, or notes that it is not what it should be.
    func look(at fields: HTTPHeaders, answering head: FrameHead, _ sent: SessionState, request: RequestID?) {
        guard let id = fields.first(name: "Mcp-Session-Id") else { return }
        let fault: String?
        if sent.isModern(head) {
            // Before a revision is agreed upon, it may be a server that takes the modern question for its own first one.
            fault = sent.revision == nil ? nil : "the server gave a session's id, which its revision does not have"
        } else if head.method == .initialize {
            let isVisible = id.utf8.allSatisfy { (0x21...0x7E).contains($0) } && !id.isEmpty
            if isVisible { state.withLock { $0.session.sessionID = id } }
            fault = isVisible ? nil : "the session's id has characters that it must not have"
        } else {
            fault = id == sent.sessionID ? nil : "the server answered with another session's id than it had given"
        }
        guard let fault,
            state.withLock({ state in
                defer { state.notedSessionFault = true }
                return !state.notedSessionFault
            })
        else { return }
        note(.fault(fault, request: request, evidence: ["header": "Mcp-Session-Id"]))
    }

    func note(_ note: TransportNote) {
        guard !state.withLock({ $0.isClosed }) else { return }
        receiver.noted(note)
    }

    // MARK: - The end

    /// Ends all exchanges and the session, within the limit for it.
    func close() async -> JSONObject {
        let (exchanges, listener, oneWay, hadSession) = state.withLock { state in
            state.isClosed = true
            defer { (state.running, state.listener, state.oneWay) = ([:], nil, nil) }
            return (Array(state.running.values), state.listener, state.oneWay, state.session.sessionID != nil)
        }
        for exchange in exchanges { exchange.cancel() }
        listener?.cancel()
        oneWay?.cancel()
        var evidence = JSONObject()
        if hadSession { evidence["session_ended"] = .string(await deleteSession()) }
        await wire.close()
        return evidence
    }

    /// Tells the server that the session is over; a server may refuse (405) and be right.
    private func deleteSession() async -> String {
        await withCheckedContinuation { continuation in
            let outcome = Once<String> { continuation.resume(returning: $0) }
            let exchange = exchange(plan(.DELETE)) { step in
                switch step {
                case .answer(let answer): outcome.run("DELETE was answered \(answer.status.code)")
                case .streaming, .ended: outcome.run("DELETE was answered with a stream")
                case .failed(let failure): outcome.run("DELETE failed: \(failure.message)")
                case .event: break
                }
            }
            wire.loop.execute { exchange.start() }
            outcome.calls(
                off: scheduler.schedule(at: scheduler.now.advanced(by: limits.close)) { [limits] in
                    if outcome.run("DELETE was not answered within \(limits.close)") { exchange.cancel() }
                }
            )
        }
    }

    // MARK: - Evidence

    func evidence(of request: RequestID) -> JSONObject? {
        state.withLock { $0.log.record(of: request) }?.evidence()
    }

    func evidence() -> JSONObject {
        let (session, log, listener) = state.withLock { ($0.session, $0.log, $0.listener) }
        var evidence = wire.target.evidence
        if let id = session.sessionID { evidence["session_id"] = .string(Redaction.value(of: "Mcp-Session-Id", id)) }
        if let listener { evidence["server_stream"] = .string(listener.standing) }
        evidence["exchange_count"] = .number(JSONNumber(log.count))
        evidence["last_exchanges"] = .array(log.last(3).map { .object($0.evidence()) })
        return evidence
    }
}
