import AsyncRuntime
import JSON
import JSONRPC
import MCP
import MCPHTTP
import MCPTransport
import NIOCore
import NIOHTTP1

/// An open connection over HTTP+SSE: the stream, the URL for messages, and the posts in flight.
///
/// Lives on the loop.
final class SSESession: LoopSession {
    let pool: ConnectionPool
    let record: SessionRecord
    let receiver: SessionReceiver
    private let opened: Latch<TransportFailure?>
    private var phase = Phase.idle
    private var negotiated = NegotiatedSession()
    private var queue = SendQueue()
    private var posts: [ObjectIdentifier: SSEPost] = [:]
    private var eventCount = 0
    /// Where messages are posted, also after the stream has ended; nil until the server has named it.
    private var messages: HTTPURL?

    private enum Phase {
        case idle
        /// The server has not named the URL for messages yet.
        case opening(HTTPExchange, deadline: ScheduledAction)
        case open(HTTPExchange)
        /// The stream has ended, or the server named no usable URL.
        case ended
        case closing
    }

    /// - Parameter opened: Opened once messages can be posted, or with the reason why they cannot.
    init(
        _ pool: ConnectionPool,
        _ record: SessionRecord,
        _ receiver: any ClientTransportReceiver,
        opened: Latch<TransportFailure?>
    ) {
        self.pool = pool
        self.record = record
        self.receiver = SessionReceiver(receiver, secrets: pool.target.secrets)
        self.opened = opened
    }

    // MARK: - The stream

    func open() {
        pool.loop.assertInEventLoop()
        let request = ExchangeRequest(
            method: .GET,
            url: pool.url,
            fields: negotiated.fieldsWithoutFrame(of: pool.target, accept: "text/event-stream"),
            userFields: pool.target.userFields
        )
        let stream = HTTPExchange(request, on: pool) { [self] in handle($0) }
        record.add(stream.record, for: nil)
        let deadline = pool.schedule(after: pool.target.endpoint.limits.connect, on: self) { $0.timedOut() }
        phase = .opening(stream, deadline: deadline)
        stream.start()
    }

    private func timedOut() {
        guard case .opening(let stream, _) = phase else { return }
        let limit = pool.target.endpoint.limits.connect.seconds
        failOpening(
            TransportFailure(
                .content,
                "\(stream.request.url) did not send the \"endpoint\" event, with which HTTP+SSE starts, within \(limit)",
                advice: "Check whether the URL is that of the event stream, often /sse."
            )
        )
    }

    private func failOpening(_ failure: TransportFailure) {
        guard case .opening(let stream, let deadline) = phase else { return }
        phase = .ended
        deadline.cancel()
        stream.cancel()
        opened.open(stream.record.completing(failure))
    }

    private func handle(_ step: ExchangeStep) {
        let stream: HTTPExchange
        switch phase {
        case .opening(let exchange, _), .open(let exchange): stream = exchange
        case .idle, .ended, .closing: return
        }
        switch step {
        case .streamStarted: break
        case .event(let event): handle(event, stream)
        case .response(let response):
            if !response.body.isEmpty { stream.record.keep(response.body) }
            lost(ResponseFailure.failure(response, to: stream.request, hadSession: false), stream)
        case .failed(let failure): lost(failure, stream)
        case .streamEnded(let end):
            let place = end.isMidEvent ? " in the middle of an event" : ""
            let reason = end.failure.map { ": \($0.message)" } ?? ""
            let count = "\(eventCount) event\(eventCount == 1 ? "" : "s")"
            let failure = TransportFailure(.broken, "the event stream ended\(place) after \(count)\(reason)")
            lost(failure, stream, isProper: end.failure == nil && !end.isMidEvent)
        }
    }

    private func handle(_ event: EventStreamEvent, _ stream: HTTPExchange) {
        eventCount += 1
        switch event.type {
        case "message": receiver.received(event.data, for: nil)
        case "endpoint": setEndpoint(String(decoding: event.data, as: UTF8.self), stream)
        default: receiver.noteEvent("ignored an event of type \"\(event.type)\"")
        }
    }

    private func setEndpoint(_ text: String, _ stream: HTTPExchange) {
        guard case .opening(_, let deadline) = phase else {
            return receiver.noteFault("the server sent a second \"endpoint\" event", in: nil)
        }
        do throws(HTTPURL.Fault) {
            let messages = try pool.url.resolving(text)
            guard messages.origin == pool.url.origin else {
                return failOpening(
                    TransportFailure(
                        .content,
                        "the server wants messages posted to \(messages), which is not within \(pool.url.origin)",
                        advice:
                            "Let the server name a URL of its own origin; nothing is posted elsewhere, because headers may "
                            + "be secret."
                    )
                )
            }
            deadline.cancel()
            phase = .open(stream)
            self.messages = messages
            record.setFact("messages_url", messages.description)
            opened.open(nil)
        } catch {
            let shown = Redaction.reference(text)
            failOpening(
                TransportFailure(.content, "the server named an invalid URL for messages: \"\(shown)\" \(error)")
            )
        }
    }

    /// The stream has ended.
    ///
    /// While opening, that is the failure of opening; later, it ends the connection.
    private func lost(_ failure: TransportFailure, _ stream: HTTPExchange, isProper: Bool = false) {
        if case .opening = phase { return failOpening(failure) }
        phase = .ended
        let whole = stream.record.completing(failure)
        let cause: TransportEnd.Cause = isProper ? .closedByServer : .lost
        receiver.end(TransportEnd(cause: cause, reason: whole.message, evidence: whole.evidence))
    }

    // MARK: - Sending

    func settle(on revision: Revision) {
        negotiated.revision = revision
    }

    func send(_ frame: OutgoingFrame) {
        pool.loop.assertInEventLoop()
        if case .closing = phase { return }
        if queue.add(frame) { post(frame) }
    }

    private func post(_ frame: OutgoingFrame) {
        guard let messages else { return }
        let post = SSEPost(frame, to: messages, in: self)
        posts[ObjectIdentifier(post)] = post
        post.start()
    }

    func previewRequest(for frame: OutgoingFrame) -> ExchangeRequest? { messages.map { request(for: frame, to: $0) } }

    func request(for frame: OutgoingFrame, to messages: HTTPURL) -> ExchangeRequest {
        ExchangeRequest(
            method: .POST,
            url: messages,
            fields: negotiated.fields(for: frame.head, of: pool.target),
            body: frame.bytes,
            userFields: pool.target.userFields(of: frame.head)
        )
    }

    /// The server has accepted a message without a response, or did not do so in time.
    func accepted() {
        if case .closing = phase { return }
        for frame in queue.finishCurrent() { post(frame) }
    }

    func finished(_ post: SSEPost) {
        posts[ObjectIdentifier(post)] = nil
        if let id = post.frame.request { record.finish(id) }
    }

    // MARK: - The end

    func close(_ closed: Latch<TransportEnd>) {
        let last = phase
        if case .closing = last { return }
        phase = .closing
        queue.removeAll()
        for post in posts.values { post.cancel() }
        posts = [:]
        switch last {
        case .opening(let stream, let deadline):
            deadline.cancel()
            stream.cancel()
            opened.open(TransportFailure(.closed, "the connection was closed while it was being opened"))
        case .open(let stream): stream.cancel()
        case .idle, .ended, .closing: break
        }
        pool.shutDown { [receiver] in
            closed.open(receiver.end(TransportEnd(cause: .closedByUs, reason: "the connection was closed")))
        }
    }
}
