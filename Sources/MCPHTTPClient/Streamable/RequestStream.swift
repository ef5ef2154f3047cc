import AsyncRuntime
import JSONRPC
import MCPHTTP
import MCPTransport
import NIOHTTP1

/// A request and its response: one body, or an event stream over as many connections as it takes.
final class RequestStream {
    let id: RequestID
    private let frame: OutgoingFrame
    private let session: StreamableSession
    private var phase = Phase.queued
    private var response = Response.expected
    private var resumption: Resumption
    private var tokenRetry = TokenRetry()
    /// The type of the last event that is not a message.
    private var foreignEventType: String?

    private enum Phase {
        case queued
        case open(HTTPExchange, Sent)
        /// The stream has broken and is resumed later.
        case pausing(ScheduledAction, Sent)
        /// The response refused the token, and another one is requested.
        indirect case renewing(ReceivedResponse, HTTPExchange, Sent)
        case finished
    }

    /// What the client still expects.
    private enum Response {
        case expected
        /// It has been passed on; the server has yet to close the stream.
        case delivered
        /// The client no longer waits.
        ///
        /// A late response is passed on, a failure is not.
        case abandoned
    }

    /// The POST that carried the request.
    private struct Sent {
        let record: ExchangeRecord
        let negotiated: NegotiatedSession
        /// In the stateless era there are no sessions, and streams cannot be resumed.
        let isStateless: Bool

        var hadSession: Bool { negotiated.sessionID != nil }
    }

    init(_ id: RequestID, _ frame: OutgoingFrame, in session: StreamableSession) {
        self.id = id
        self.frame = frame
        self.session = session
        resumption = Resumption(limit: session.limits.resumptions)
    }

    /// The POST; nil before it is sent.
    var record: ExchangeRecord? { sent?.record }

    private var sent: Sent? {
        switch phase {
        case .open(_, let sent), .pausing(_, let sent), .renewing(_, _, let sent): sent
        case .queued, .finished: nil
        }
    }

    func start() {
        guard case .queued = phase else { return }
        let request = session.request(for: frame)
        let negotiated = session.negotiated
        let isStateless = negotiated.isStateless(frame.head)
        guard session.record.begin(id, isStateless: isStateless) else {
            finish()
            return
        }
        let exchange = session.exchange(request, for: id) { [self] in handle($0) }
        let sent = Sent(record: exchange.record, negotiated: negotiated, isStateless: isStateless)
        phase = .open(exchange, sent)
        exchange.start()
    }

    /// Stops waiting, but leaves the stream open for a late response.
    func abandon() {
        if case .expected = response { response = .abandoned }
    }

    /// Ends the request without reporting anything, and closes its stream.
    func cancel() {
        switch finish() {
        case .open(let exchange, _): exchange.cancel()
        case .pausing(let pause, _): pause.cancel()
        case .queued, .renewing, .finished: break
        }
    }

    @discardableResult
    private func finish() -> Phase {
        let last = phase
        phase = .finished
        session.finished(self)
        return last
    }

    private func fail(_ failure: TransportFailure) {
        guard let sent else { return }
        finish()
        if case .expected = response { session.receiver.failed(id, sent.record.completing(failure)) }
    }
}

// MARK: - What arrives

extension RequestStream {
    private func handle(_ step: ExchangeStep) {
        guard case .open(let exchange, let sent) = phase else { return }
        switch step {
        case .streamStarted(let fields): readSessionID(fields, sent)
        case .event(let event): handle(event)
        case .streamEnded(let end): handle(end, sent)
        case .response(let response):
            readSessionID(response.fields, sent)
            let tokens = session.pool.target.tokens
            if tokens != nil,
                let refusal = tokenRetry.refusal(in: response, to: exchange.request, frame.head, tokens)
            {
                renewToken(after: refusal, response, exchange, sent)
            } else {
                handle(response, of: exchange, sent)
            }
        case .failed(let failure): attemptFailed(failure, sent)
        }
    }

    private func handle(_ response: ReceivedResponse, of exchange: HTTPExchange, _ sent: Sent) {
        if exchange.request.method == .POST {
            handle(response, to: exchange, sent)
        } else {
            rejectedResumption(response, exchange, sent)
        }
    }

    private func readSessionID(_ fields: HTTPHeaders, _ sent: Sent) {
        session.readSessionID(fields, frame.head, sent: sent.negotiated, request: id, in: sent.record)
    }

    private func handle(_ event: EventStreamEvent) {
        resumption.saw(event)
        // An event with an ID and without data only says where to resume.
        guard !event.data.isEmpty else { return }
        guard event.type == "message" else {
            foreignEventType = event.type
            return session.receiver.noteEvent("ignored an event of type \"\(event.type)\"")
        }
        let message = Frame(received: event.data)
        if case .response = MessageKind(message) {
            response = .delivered
            session.delivered(self)
        }
        session.receiver.received(message, for: id)
    }

    private func handle(_ end: StreamEnd, _ sent: Sent) {
        resumption.saw(end)
        guard case .expected = response else {
            finish()
            return
        }
        let broken = broken(sent, end)
        if end.failure?.kind == .tooLarge || sent.isStateless || !resumption.canResume {
            return fail(end.failure?.kind == .tooLarge ? end.failure ?? broken : broken)
        }
        let place = end.isMidEvent ? " in the middle of an event" : ""
        session.receiver.noteEvent("the stream of request \(id) ended before the response\(place); resuming")
        resume(after: broken, sent)
    }

    private func handle(_ response: ReceivedResponse, to exchange: HTTPExchange, _ sent: Sent) {
        let message = Frame(received: response.body)
        switch response.body.isEmpty ? .notJSON : MessageKind(message) {
        case .response(let answered, let isError, let code):
            // Servers report a lost session with an error of any code except this one, which is about the method.
            let isSessionLost = response.status == .notFound && sent.hadSession && !sent.isStateless
            if isSessionLost, !(isError && code == -32601) {
                return failForContent(response, exchange, sent)
            }
            reportForm(of: response, isError: isError, sent)
            session.receiver.received(message, for: id)
            guard let answered, answered != id else {
                finish()
                return
            }
            fail(
                TransportFailure(
                    .content,
                    "request \(id) received the response to request \(answered)",
                    advice: "A response must repeat the ID of its request, with the same JSON type."
                )
            )
        case .other:
            session.receiver.received(message, for: id)
            failForContent(response, exchange, sent)
        case .notMessage, .notJSON: failForContent(response, exchange, sent)
        }
    }

    private func failForContent(_ response: ReceivedResponse, _ exchange: HTTPExchange, _ sent: Sent) {
        if !response.body.isEmpty { exchange.record.keep(response.body) }
        fail(ResponseFailure.failure(response, to: exchange.request, hadSession: sent.hadSession))
    }

    /// Reports if status or content type contradict the message in the body.
    private func reportForm(of response: ReceivedResponse, isError: Bool, _ sent: Sent) {
        if !response.isSuccess, !isError {
            reportFault("the server sent a result with status \(response.status.code); expected 200", sent)
        }
        if response.isSuccess, response.mediaType != "application/json" {
            let type = response.mediaType.map { "content type \($0)" } ?? "no content type"
            reportFault("the server sent a message with \(type); expected application/json", sent)
        }
    }

    private func reportFault(_ text: String, _ sent: Sent) {
        session.receiver.noteFault(text, request: id, in: sent.record)
    }
}

// MARK: - Another token

extension RequestStream {
    private func renewToken(
        after refusal: AccessTokens.Refusal,
        _ response: ReceivedResponse,
        _ exchange: HTTPExchange,
        _ sent: Sent
    ) {
        phase = .renewing(response, exchange, sent)
        session.pool.replaceToken(after: refusal, for: self) { $0.renewedToken($1) }
    }

    private func renewedToken(_ outcome: AccessTokens.Outcome) {
        guard case .renewing(let response, let exchange, let sent) = phase else { return }
        phase = .open(exchange, sent)
        switch outcome {
        case .token, .nonce:
            session.tokenChanged()
            // The server did not handle the request, so nothing can arrive later.
            if case .abandoned = self.response {
                finish()
                return
            }
            session.receiver.noteEvent(outcome.event(response.status, sendingAgain: "request \(id)"))
            if exchange.request.method == .POST {
                phase = .queued
                start()
            } else {
                reconnect(sent)
            }
        case .unrelated: handle(response, of: exchange, sent)
        case .failed(let reason):
            if !response.body.isEmpty { exchange.record.keep(response.body) }
            let refusal = ResponseFailure.failure(response, to: exchange.request, hadSession: sent.hadSession)
            fail(reason.complete(refusal))
        }
    }
}

// MARK: - Resuming

extension RequestStream {
    private func resume(after failure: TransportFailure, _ sent: Sent) {
        guard let delay = resumption.next() else { return fail(failure) }
        let pause = session.pool.schedule(after: delay, on: self) { $0.reconnect() }
        phase = .pausing(pause, sent)
    }

    /// Resumes the stream, always with GET.
    ///
    /// Source: transports, "Resumability and redelivery", 2025-03-26 to 2025-11-25.
    private func reconnect() {
        guard case .pausing(_, let sent) = phase else { return }
        reconnect(sent)
    }

    private func reconnect(_ sent: Sent) {
        let request = session.request(.GET, accept: "text/event-stream", lastEventID: resumption.lastEventID)
        let exchange = session.exchange(request) { [self] in handle($0) }
        sent.record.resumed(by: exchange.record)
        phase = .open(exchange, sent)
        exchange.start()
    }

    private func attemptFailed(_ failure: TransportFailure, _ sent: Sent) {
        guard resumption.eventCount > 0 || resumption.canResume else { return fail(failure) }
        var notResumed = notResumed(failure.message, sent)
        if failure.kind == .refused { notResumed.advice = ListenerProbe.advice }
        guard resumption.failed(failure) else { return fail(notResumed) }
        resume(after: notResumed, sent)
    }

    private func rejectedResumption(_ response: ReceivedResponse, _ exchange: HTTPExchange, _ sent: Sent) {
        let failure = ResponseFailure.failure(response, to: exchange.request, hadSession: sent.hadSession)
        exchange.record.keep(response.body)
        fail(failure.kind == .sessionLost ? failure : notResumed(failure.message, sent))
    }

    private func notResumed(_ reason: String, _ sent: Sent) -> TransportFailure {
        broken(sent, nil, reason: "it could not be resumed: \(reason)")
    }

    private func broken(_ sent: Sent, _ end: StreamEnd?, reason: String? = nil) -> TransportFailure {
        let count = resumption.eventCount
        let place = end?.isMidEvent == true ? " in the middle of an event" : ""
        let foreign = foreignEventType.map { "an event had the type \"\($0)\", which is ignored" }
        let causes = [foreign, reason ?? end?.failure?.message].compactMap(\.self)
        let advice: String? =
            if let advice = end?.failure?.advice {
                advice
            } else if foreign != nil {
                "Send each message as an event of type message, or without a type."
            } else if !resumption.canResume {
                "Check the server's log; a proxy on the path may close idle streams."
            } else {
                nil
            }
        return TransportFailure(
            .broken,
            "the event stream ended\(place) before the response, after \(count) event\(count == 1 ? "" : "s")"
                + causes.map { "; \($0)" }.joined(),
            advice: advice
        )
    }
}
