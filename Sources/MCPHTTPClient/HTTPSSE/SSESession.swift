import AsyncRuntime
import JSON
import JSONRPC
import MCP
import MCPHTTP
import MCPTransport
import NIOCore
import NIOHTTP1
import Synchronization

/// Everything of an open connection over HTTP+SSE: the stream, where to post, and the posts under way.
final class SSESession: Sendable {
    private let wire: Wire
    private let scheduler: any Scheduler
    private let receiver: ReceiverUntilEnd
    private let onEnd: @Sendable (TransportEnd) -> Void
    private let state = Mutex(State())

    private struct State {
        var session = SessionState()
        var outbox = Outbox()
        var stream: HTTPExchange?
        var opening: Once<TransportFailure?>?
        var messages: HTTPURL?
        var posts: [ObjectIdentifier: HTTPExchange] = [:]
        var eventCount = 0
        var log = ExchangeLog()
        var isClosed = false
    }

    init(
        _ target: HTTPTarget,
        _ receiver: ReceiverUntilEnd,
        scheduler: any Scheduler,
        onEnd: @escaping @Sendable (TransportEnd) -> Void
    ) throws(TransportFailure) {
        wire = try Wire(target, scheduler: scheduler)
        self.receiver = receiver
        self.scheduler = scheduler
        self.onEnd = onEnd
    }

    private var url: HTTPURL { wire.url }

    // MARK: - The stream

    /// Opens the stream; returns when the server has said where to post, or why it has not.
    func open() async -> TransportFailure? {
        let fields = state.withLock { $0.session }.fieldsWithoutFrame(of: wire.target, accept: "text/event-stream")
        let plan = ExchangePlan(method: .GET, url: url, fields: fields, userFields: userFields(and: []))
        return await withCheckedContinuation { continuation in
            let opening = Once<TransportFailure?> { continuation.resume(returning: $0) }
            let stream = HTTPExchange(plan, on: wire) { [self] in take($0, of: plan) }
            state.withLock { state in
                (state.opening, state.stream) = (opening, stream)
                state.log.add(stream.record, for: nil)
            }
            wire.loop.execute { stream.start() }
            let limit = wire.target.endpoint.limits.connect
            opening.calls(
                off: scheduler.schedule(at: scheduler.now.advanced(by: limit)) {
                    let failure = TransportFailure(
                        .content,
                        "no event \"endpoint\" came from \(plan.url) within \(limit), by which HTTP+SSE begins",
                        advice: "Look whether the URL is that of the stream of events, often /sse."
                    )
                    opening.run(stream.record.completing(failure))
                }
            )
        }
    }

    private func take(_ step: ExchangeStep, of plan: ExchangePlan) {
        switch step {
        case .streaming: break
        case .event(let event): take(event)
        case .answer(let answer):
            let failure = ResponseFault.failure(answer, to: plan, sessionWasSent: false)
            // A message or a page where a stream should be.
            lost(failure.kind == .sessionLost ? TransportFailure(.status, failure.message) : failure)
        case .failed(let failure): lost(failure)
        case .ended(let ending):
            let count = state.withLock { $0.eventCount }
            let place = ending.isMidEvent ? ", half-way in an event" : ""
            let reason = ending.failure.map { ": \($0.message)" } ?? ""
            let message = "the stream of events ended after \(count) event\(count == 1 ? "" : "s")\(place)\(reason)"
            lost(TransportFailure(.broken, message), inOrder: ending.failure == nil && !ending.isMidEvent)
        }
    }

    private func take(_ event: EventStreamEvent) {
        state.withLock { $0.eventCount += 1 }
        switch event.type {
        case "message": receiver.received(event.data, for: nil)
        case "endpoint": take(endpoint: String(decoding: event.data, as: UTF8.self))
        default: note(.event("an event of the type \(event.type) came, which means nothing here"))
        }
    }

    private func take(endpoint text: String) {
        guard let opening = state.withLock({ $0.messages == nil ? $0.opening : nil }) else {
            return note(.fault("the server named an endpoint twice", request: nil, evidence: [:]))
        }
        do throws(HTTPURL.Fault) {
            let messages = try url.resolving(text)
            guard messages.origin == url.origin else {
                opening.run(
                    TransportFailure(
                        .content,
                        "the server wants messages posted to \(messages), which is another origin than \(url.origin)",
                        advice:
                            "Nothing is posted there, for headers may be secret; the server must name a place of its own."
                    )
                )
                return
            }
            state.withLock { $0.messages = messages }
            opening.run(nil)
        } catch {
            let shown = Redaction.reference(text)
            opening.run(TransportFailure(.content, "the place for messages that the server names, \(shown), \(error)"))
        }
    }

    private func lost(_ failure: TransportFailure, inOrder: Bool = false) {
        let (opening, record, isClosed) = state.withLock { state in
            defer { state.stream = nil }
            return (state.opening, state.stream?.record, state.isClosed)
        }
        let whole = record?.completing(failure) ?? failure
        if opening?.run(whole) == true || isClosed { return }
        let cause: TransportEnd.Cause = inOrder ? .closedByServer : .lost
        onEnd(TransportEnd(cause: cause, reason: whole.message, evidence: whole.evidence))
    }

    // MARK: - Sending

    func settled(on revision: Revision) {
        state.withLock { $0.session.revision = revision }
    }

    func send(_ frame: OutgoingFrame) throws {
        for field in frame.head.fields { try HTTPTarget.checkForOneCall(HTTPField(field.name, field.value)) }
        wire.loop.execute { [self] in
            post(state.withLock { $0.isClosed ? [] : $0.outbox.add(frame) })
        }
    }

    private func post(_ frames: [OutgoingFrame]) {
        for frame in frames { post(frame) }
    }

    private func post(_ frame: OutgoingFrame) {
        let (session, messages) = state.withLock { ($0.session, $0.messages) }
        guard let messages else { return }
        let plan = ExchangePlan(
            method: .POST,
            url: messages,
            fields: session.fields(for: frame.head, of: wire.target),
            body: frame.bytes,
            userFields: userFields(and: frame.head.fields.map(\.name))
        )
        let arrival = frame.request == nil ? Once<Void> { [self] in sendNext() } : nil
        let exchange = HTTPExchange(plan, on: wire) { [self] in posted($0, frame, plan, arrival) }
        state.withLock { state in
            state.posts[ObjectIdentifier(exchange)] = exchange
            state.log.add(exchange.record, for: frame.request)
        }
        exchange.start()
        guard let arrival else { return }
        let patience = Outbox.patience
        arrival.calls(
            off: scheduler.schedule(at: scheduler.now.advanced(by: patience)) { [self] in
                wire.loop.execute { [self] in
                    guard arrival.run(()) else { return }
                    let name = frame.head.method?.rawValue ?? "a message that is no request"
                    let fault = "the server did not answer the POST of \(name) within \(patience)"
                    note(.fault(fault, request: nil, evidence: exchange.record.evidence()))
                }
            }
        )
    }

    private func sendNext() {
        post(state.withLock { $0.isClosed ? [] : $0.outbox.arrived() })
    }

    /// A post is answered by a status; the answer to the request comes by the stream.
    private func posted(_ step: ExchangeStep, _ frame: OutgoingFrame, _ plan: ExchangePlan, _ arrival: Once<Void>?) {
        switch step {
        case .event, .ended: return
        case .streaming: break
        case .failed(let failure): refused(frame, failure)
        case .answer(let answer) where answer.isSuccess:
            // A word such as "Accepted" is usual; a message belongs elsewhere.
            guard !answer.body.isEmpty else { break }
            let message = Frame(received: answer.body)
            if case .answer = MessageScan(message) {
                receiver.received(message, for: frame.request)
                note(
                    .fault(
                        "the server answered in the body of a POST, not by its stream",
                        request: frame.request,
                        evidence: [:]
                    )
                )
            }
        case .answer(let answer): refused(frame, ResponseFault.failure(answer, to: plan, sessionWasSent: false))
        }
        state.withLock { state in state.posts = state.posts.filter { $0.value.isRunning } }
        arrival?.run(())
    }

    private func refused(_ frame: OutgoingFrame, _ failure: TransportFailure) {
        if let id = frame.request {
            receiver.failed(id, failure)
        } else {
            let name = frame.head.method?.rawValue ?? "a message"
            note(.fault("\(name) did not arrive: \(failure.message)", request: nil, evidence: failure.evidence))
        }
    }

    private func userFields(and names: [String]) -> Set<String> {
        Set(wire.target.fields.map { $0.name.lowercased() } + names.map { $0.lowercased() })
    }

    private func note(_ note: TransportNote) {
        guard !state.withLock({ $0.isClosed }) else { return }
        receiver.noted(note)
    }

    // MARK: - The end

    func close() async -> JSONObject {
        let (stream, posts) = state.withLock { state in
            state.isClosed = true
            defer { (state.stream, state.posts) = (nil, [:]) }
            return (state.stream, Array(state.posts.values))
        }
        for exchange in posts { exchange.cancel() }
        stream?.cancel()
        await wire.close()
        return [:]
    }

    // MARK: - Evidence

    func evidence(of request: RequestID) -> JSONObject? {
        state.withLock { $0.log.record(of: request) }?.evidence()
    }

    func evidence() -> JSONObject {
        let (messages, log) = state.withLock { ($0.messages, $0.log) }
        var evidence = wire.target.evidence
        if let messages { evidence["messages_url"] = .string(messages.description) }
        evidence["exchange_count"] = .number(JSONNumber(log.count))
        evidence["last_exchanges"] = .array(log.last(3).map { .object($0.evidence()) })
        return evidence
    }
}
