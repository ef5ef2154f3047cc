import AsyncRuntime
import JSON
import JSONRPC
import MCPHTTP
import MCPTransport
import NIOCore
import NIOHTTP1
import Synchronization

/// A request and whatever answers it: a body, or a stream of events, over as many connections as that takes.
final class RequestStream: Sendable {
    let id: RequestID
    private let frame: OutgoingFrame
    private let session: StreamableSession
    private let state: Mutex<State>

    private struct State {
        var exchange: HTTPExchange?
        /// The POST that began it, which later attempts are told of.
        var record: ExchangeRecord?
        var sent: SessionState?
        var resumption: Resumption
        /// The type of the last event that is none of a message.
        var foreignType: String?
        var isAnswered = false
        var isAbandoned = false
        var isOver = false
        var pause: ScheduledAction?
    }

    init(_ id: RequestID, _ frame: OutgoingFrame, in session: StreamableSession) {
        self.id = id
        self.frame = frame
        self.session = session
        state = Mutex(State(resumption: Resumption(limit: session.limits.resumptions)))
    }

    func start() {
        let (plan, sent) = session.plan(for: frame)
        let exchange = session.exchange(plan, for: id) { [self] in take($0, of: plan) }
        let isWanted = state.withLock { state in
            guard !state.isOver else { return false }
            (state.exchange, state.record, state.sent) = (exchange, exchange.record, sent)
            return true
        }
        if isWanted { exchange.start() }
    }

    /// Lets go of the request.
    ///
    /// - Returns: Whether that tells the server: closing the stream does in the modern era (2026-07-28, "Cancellation"),
    ///   in the legacy era a notification must, and the stream stays for a late answer. What was not sent need not be told.
    func abandon() -> Bool {
        let isTold = state.withLock { state in
            state.isAbandoned = true
            guard let sent = state.sent else { return true }
            return sent.isModern(frame.head)
        }
        if isTold { cancel() }
        return isTold
    }

    /// Ends it, without a word to the receiver.
    func cancel() {
        let (exchange, pause) = state.withLock { state in
            state.isOver = true
            defer { (state.exchange, state.pause) = (nil, nil) }
            return (state.exchange, state.pause)
        }
        pause?.cancel()
        exchange?.cancel()
        session.finished(self)
    }

    // MARK: - What comes

    private func take(_ step: ExchangeStep, of plan: ExchangePlan) {
        guard let sent = state.withLock({ $0.isOver ? nil : $0.sent }) else { return }
        switch step {
        case .streaming(let fields): session.look(at: fields, answering: frame.head, sent, request: id)
        case .event(let event): take(event)
        case .ended(let ending): streamEnded(ending, sent)
        case .answer(let answer):
            session.look(at: answer.fields, answering: frame.head, sent, request: id)
            take(answer, to: plan, sent)
        case .failed(let failure): attemptFailed(failure, sent)
        }
    }

    private func take(_ event: EventStreamEvent) {
        state.withLock { $0.resumption.saw(event) }
        // An event with an id and without data says only where to come back.
        guard !event.data.isEmpty else { return }
        guard event.type == "message" else {
            state.withLock { $0.foreignType = event.type }
            session.note(.event("an event of the type \(event.type) came, which means nothing here"))
            return
        }
        let message = Frame(received: event.data)
        if case .answer = MessageScan(message) {
            state.withLock { $0.isAnswered = true }
            session.isAnswered(self)
        }
        session.receiver.received(message, for: id)
    }

    private func streamEnded(_ ending: StreamEnding, _ sent: SessionState) {
        let (isSettled, resumption) = state.withLock { state in
            state.resumption.saw(ending)
            return (state.isAnswered || state.isAbandoned, state.resumption)
        }
        guard !isSettled else { return over() }
        if let failure = ending.failure, failure.kind == .tooLarge { return fail(failure) }
        guard !sent.isModern(frame.head), resumption.canLoseNothing else {
            return fail(broken(ending, resumption, why: nil))
        }
        let place = ending.isMidEvent ? ", half-way in an event" : ""
        session.note(.event("the stream of request \(id) ended before its answer\(place); it is taken up again"))
        resume(after: broken(ending, resumption, why: nil))
    }

    private func take(_ answer: ReceivedResponse, to plan: ExchangePlan, _ sent: SessionState) {
        guard plan.method == .POST else {
            let failure = ResponseFault.failure(answer, to: plan, sessionWasSent: sent.sessionID != nil)
            return fail(failure.kind == .sessionLost ? failure : notResumed(failure.message))
        }
        let message = Frame(received: answer.body)
        switch answer.body.isEmpty ? .noise : MessageScan(message) {
        case .answer(let answered, let isError, let code):
            // Servers say so with an error of any code, but for this one, which is an answer to the method.
            if answer.status == .notFound, sent.sessionID != nil, !sent.isModern(frame.head),
                !(isError && code == -32601)
            {
                return fail(ResponseFault.failure(answer, to: plan, sessionWasSent: true))
            }
            noteForm(of: answer, isError: isError)
            state.withLock { $0.record }?.bodyWasMessage()
            session.receiver.received(message, for: id)
            guard let answered, answered != id else { return over() }
            fail(
                TransportFailure(
                    .content,
                    "the exchange of request \(id) was answered with a message for \(answered)",
                    advice: "An answer carries the id of its request, in the same type of JSON."
                )
            )
        case .other:
            session.receiver.received(message, for: id)
            fail(ResponseFault.failure(answer, to: plan, sessionWasSent: sent.sessionID != nil))
        case .json, .noise: fail(ResponseFault.failure(answer, to: plan, sessionWasSent: sent.sessionID != nil))
        }
    }

    /// Tells what the head of an answer says wrongly of the message in its body.
    private func noteForm(of answer: ReceivedResponse, isError: Bool) {
        if !answer.isSuccess, !isError {
            noteFault("the server sent a result with the status \(answer.status.code); 200 is what it must say")
        }
        if answer.isSuccess, answer.mediaType != "application/json" {
            let type = answer.mediaType.map { "the content type \($0)" } ?? "no content type"
            noteFault("the server sent a message with \(type); application/json is what it must say")
        }
    }

    private func noteFault(_ text: String) {
        session.note(.fault(text, request: id, evidence: state.withLock { $0.record }?.evidence() ?? [:]))
    }

    // MARK: - Coming back

    private func resume(after failure: TransportFailure) {
        guard let wait = state.withLock({ $0.resumption.next() }) else { return fail(failure) }
        let scheduler = session.scheduler
        let pause = scheduler.schedule(at: scheduler.now.advanced(by: wait)) { [self] in
            session.wire.loop.execute { [self] in comeBack() }
        }
        let isOver = state.withLock { state in
            if !state.isOver { state.pause = pause }
            return state.isOver
        }
        if isOver { pause.cancel() }
    }

    /// Source: transports, "Resumability and redelivery", 2025-03-26 to 2025-11-25: always by GET.
    private func comeBack() {
        guard let lastEventID = state.withLock({ $0.isOver ? nil : $0.resumption.lastEventID }) else { return }
        let plan = session.plan(.GET, accept: "text/event-stream", lastEventID: lastEventID)
        let exchange = session.exchange(plan) { [self] in take($0, of: plan) }
        let isWanted = state.withLock { state in
            guard !state.isOver else { return false }
            state.exchange = exchange
            state.record?.resumed(by: exchange.record)
            return true
        }
        if isWanted { exchange.start() }
    }

    private func attemptFailed(_ failure: TransportFailure, _ sent: SessionState) {
        let isResuming = state.withLock { $0.resumption.eventCount > 0 || $0.resumption.canLoseNothing }
        guard isResuming else { return fail(failure) }
        var notResumed = notResumed(failure.message)
        if failure.kind == .refused { notResumed.advice = ListenerProbe.advice }
        guard state.withLock({ $0.resumption.failed(failure) }) else { return fail(notResumed) }
        resume(after: notResumed)
    }

    private func notResumed(_ reason: String) -> TransportFailure {
        broken(nil, state.withLock { $0.resumption }, why: "it could not be taken up again: \(reason)")
    }

    private func broken(_ ending: StreamEnding?, _ resumption: Resumption, why: String?) -> TransportFailure {
        let count = resumption.eventCount
        let place = ending?.isMidEvent == true ? ", half-way in an event" : ""
        let foreign = state.withLock { $0.foreignType }.map {
            "an event came of the type \"\($0)\", which means nothing"
        }
        let causes = [foreign, why ?? ending?.failure?.message].compactMap(\.self)
        return TransportFailure(
            .broken,
            "the stream of events ended before the answer, after \(count) event\(count == 1 ? "" : "s")\(place)"
                + causes.map { "; \($0)" }.joined(),
            advice: ending?.failure?.advice
                ?? advice(hasForeign: foreign != nil, canComeBack: resumption.canLoseNothing)
        )
    }

    private func advice(hasForeign: Bool, canComeBack: Bool) -> String? {
        if hasForeign { return "Send each message as an event of the type message, or of none." }
        return canComeBack ? nil : "Look into the server's log; a proxy in between may end quiet streams."
    }

    // MARK: - The end

    private func fail(_ failure: TransportFailure) {
        let (isWanted, record) = state.withLock { (!$0.isOver && !$0.isAbandoned && !$0.isAnswered, $0.record) }
        over()
        if isWanted { session.receiver.failed(id, record?.completing(failure) ?? failure) }
    }

    private func over() {
        state.withLock { state in
            state.isOver = true
            state.exchange = nil
        }
        session.finished(self)
    }
}
