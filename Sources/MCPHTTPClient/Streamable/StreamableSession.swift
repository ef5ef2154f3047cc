import AsyncRuntime
import JSON
import JSONRPC
import MCP
import MCPHTTP
import MCPTransport
import NIOCore
import NIOHTTP1

/// An open connection over Streamable HTTP: its requests in flight, its send queue, its standalone stream.
///
/// It lives on the loop, so the receiver is called for one thing after another.
final class StreamableSession: LoopSession {
    let pool: ConnectionPool
    let record: SessionRecord
    let receiver: SessionReceiver
    private(set) var negotiated = NegotiatedSession() {
        didSet { sessionFields = nil }
    }
    /// The headers of a frame that has none of its own, which most frames of the legacy era share.
    private var sessionFields: HTTPHeaders?
    private var phase = Phase.handshake
    private var queue = SendQueue()
    private var requests: [RequestID: RequestStream] = [:]
    private var openStreams = OpenStreams()
    private var notification: NotificationPost?
    private var standalone: StandaloneStream?
    private var hasReportedSessionID = false

    private enum Phase {
        case handshake
        case established
        case closing
    }

    init(_ pool: ConnectionPool, _ record: SessionRecord, _ receiver: any ClientTransportReceiver) {
        self.pool = pool
        self.record = record
        self.receiver = SessionReceiver(receiver, secrets: pool.target.secrets)
    }

    var limits: HTTPClientLimits { pool.target.endpoint.limits }

    private var isClosing: Bool {
        if case .closing = phase { true } else { false }
    }

    // MARK: - Sending

    func send(_ frame: OutgoingFrame) {
        pool.loop.assertInEventLoop()
        guard !isClosing else { return }
        guard let id = frame.request else {
            if queue.add(frame) { post(frame) }
            return
        }
        let request = RequestStream(id, frame, in: self)
        requests[id] = request
        if queue.add(frame) { request.start() }
    }

    private func post(_ frame: OutgoingFrame) {
        if let id = frame.request {
            requests[id]?.start()
        } else {
            let post = NotificationPost(frame, in: self)
            notification = post
            post.start()
        }
    }

    /// The server has accepted a message without a response, or did not do so in time.
    func finished(_ post: NotificationPost) {
        guard !isClosing else { return }
        if post.frame.finishesHandshake {
            phase = .established
            openStandaloneStreamIfDue()
        }
        for frame in queue.finishCurrent() { self.post(frame) }
    }

    func previewRequest(for frame: OutgoingFrame) -> ExchangeRequest? { post(of: frame) }

    /// The request for a frame, by what is negotiated now; `initialize` opens a new session.
    func request(for frame: OutgoingFrame) -> ExchangeRequest {
        if frame.head.method == .initialize, !negotiated.isStateless(frame.head) {
            // A new session starts without the ID and the stream of the old one.
            setSessionID(nil)
            if case .established = phase { phase = .handshake }
        }
        return post(of: frame)
    }

    private func post(of frame: OutgoingFrame) -> ExchangeRequest {
        ExchangeRequest(
            method: .POST,
            url: pool.url,
            fields: fields(for: frame.head),
            body: frame.bytes,
            userFields: pool.target.userFields(of: frame.head)
        )
    }

    private func fields(for head: FrameHead) -> HTTPHeaders {
        guard head.fields.isEmpty, head.method != .initialize, !negotiated.isStateless(head) else {
            return negotiated.fields(for: head, of: pool.target)
        }
        if let sessionFields { return sessionFields }
        let fields = negotiated.fields(for: head, of: pool.target)
        sessionFields = fields
        return fields
    }

    /// Another token is sent from now on.
    func tokenChanged() {
        sessionFields = nil
    }

    /// A request of the session that carries no frame.
    func request(_ method: HTTPMethod, accept: String? = nil, lastEventID: String? = nil) -> ExchangeRequest {
        ExchangeRequest(
            method: method,
            url: pool.url,
            fields: negotiated.fieldsWithoutFrame(of: pool.target, accept: accept, lastEventID: lastEventID),
            userFields: pool.target.userFields
        )
    }

    /// Creates an exchange and adds it to the log.
    func exchange(
        _ request: ExchangeRequest,
        for id: RequestID? = nil,
        _ onStep: @escaping (ExchangeStep) -> Void
    ) -> HTTPExchange {
        let exchange = HTTPExchange(request, on: pool, onStep)
        record.add(exchange.record, for: id)
        return exchange
    }

    // MARK: - Requests

    /// Ends the wait for a response.
    ///
    /// - Parameter closingStream: Whether its stream is closed; otherwise a late response is still passed on.
    func abandon(_ id: RequestID, closingStream: Bool) {
        guard let request = requests[id] else { return }
        if closingStream { request.cancel() } else { request.abandon() }
    }

    func finished(_ request: RequestStream) {
        openStreams.remove(request)
        guard let current = requests.removeValue(forKey: request.id) else { return }
        if current === request {
            record.finish(request.id)
        } else {
            requests[request.id] = current
        }
    }

    /// A stream has delivered its response.
    ///
    /// The server should close it now.
    func delivered(_ request: RequestStream) {
        guard let surplus = openStreams.add(request, on: self) else { return }
        surplus.cancel()
        report(openStream: surplus)
    }

    func checkOpenStreams(at time: ContinuousClock.Instant) {
        guard !isClosing, let overdue = openStreams.overdue(at: time, on: self) else { return }
        report(openStream: overdue)
    }

    private func report(openStream request: RequestStream) {
        guard openStreams.markReported() else { return }
        receiver.noteFault(
            "the server does not close the stream after the response, as it should",
            request: request.id,
            in: request.record
        )
    }

    // MARK: - Session

    func settle(on revision: Revision) {
        negotiated.revision = revision
        openStandaloneStreamIfDue()
    }

    /// Opens the stream for messages that belong to no request, once the handshake of the legacy era is over.
    private func openStandaloneStreamIfDue() {
        guard case .established = phase, negotiated.revision?.era == .legacy else { return }
        if let standalone, standalone.sessionID == negotiated.sessionID { return }
        standalone?.cancel()
        let stream = StandaloneStream(of: negotiated.sessionID, in: self)
        standalone = stream
        stream.start()
    }

    private func setSessionID(_ id: String?) {
        guard id != negotiated.sessionID else { return }
        negotiated.sessionID = id
        record.setFact("session_id", id.map { Redaction.value(of: "Mcp-Session-Id", $0) })
    }

    /// Takes the session ID from the headers of a response, or reports that it is not as it should be.
    ///
    /// - Parameter sent: What was negotiated when the request was sent.
    func readSessionID(
        _ fields: HTTPHeaders,
        _ head: FrameHead,
        sent: NegotiatedSession,
        request: RequestID?,
        in exchange: ExchangeRecord?
    ) {
        guard let id = fields.first(name: "Mcp-Session-Id") else { return }
        let fault: String
        if sent.isStateless(head) {
            // Before a revision is negotiated, a legacy server may take the stateless request for the first of a session.
            guard sent.revision != nil else { return }
            fault = "the server assigned a session ID, which its revision does not have"
        } else if head.method == .initialize {
            let isVisible = id.utf8.allSatisfy { (0x21...0x7E).contains($0) } && !id.isEmpty
            guard !isVisible else { return setSessionID(id) }
            fault = "the session ID contains characters that are not visible ASCII"
        } else {
            guard id != sent.sessionID else { return }
            fault = "the server returned a different session ID than it had assigned"
        }
        guard !hasReportedSessionID else { return }
        hasReportedSessionID = true
        receiver.noteFault(fault, request: request, in: exchange)
    }

    // MARK: - The end

    func close(_ closed: Latch<TransportEnd>) {
        guard !isClosing else { return }
        phase = .closing
        queue.removeAll()
        for request in requests.values { request.cancel() }
        requests = [:]
        openStreams.removeAll()
        notification?.cancel()
        standalone?.cancel()
        (notification, standalone) = (nil, nil)
        guard negotiated.sessionID != nil else { return shutDown([:], closed) }
        deleteSession { [self] outcome in shutDown(["session_ended": .string(outcome)], closed) }
    }

    private func shutDown(_ evidence: JSONObject, _ closed: Latch<TransportEnd>) {
        pool.shutDown { [receiver] in
            let end = TransportEnd(cause: .closedByUs, reason: "the connection was closed", evidence: evidence)
            closed.open(receiver.end(end))
        }
    }

    /// Ends the session at the server, which may refuse (405).
    ///
    /// - Parameter completion: Called once, with the outcome in words.
    private func deleteSession(_ completion: @escaping (String) -> Void) {
        let deletion = SessionDeletion(completion)
        let exchange = exchange(request(.DELETE)) { step in
            switch step {
            case .response(let response): deletion.finish("DELETE returned \(response.status.code)")
            case .streamStarted, .streamEnded: deletion.finish("DELETE returned a stream")
            case .failed(let failure): deletion.finish("DELETE failed: \(failure.message)")
            case .event: break
            }
        }
        deletion.exchange = exchange
        deletion.deadline = pool.schedule(after: limits.close, on: deletion) { [limits] deletion in
            deletion.finish("DELETE had no response within \(limits.close.seconds)")
        }
        exchange.start()
    }
}

/// The request that ends a session at the server: over when the response begins, or at the deadline.
private final class SessionDeletion {
    private var completion: ((String) -> Void)?
    var exchange: HTTPExchange?
    var deadline: ScheduledAction?

    init(_ completion: @escaping (String) -> Void) {
        self.completion = completion
    }

    func finish(_ outcome: String) {
        guard let completion else { return }
        deadline?.cancel()
        exchange?.cancel()
        (self.completion, exchange, deadline) = (nil, nil, nil)
        completion(outcome)
    }
}
