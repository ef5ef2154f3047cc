import AsyncRuntime
import JSONRPC
import MCP
import MCPHTTP
import MCPTransport
import NIOHTTP1

/// The POST of a message that has no response: a notification, a response of ours, or bytes that are not a message.
final class NotificationPost {
    let frame: OutgoingFrame
    private let session: StreamableSession
    private var sent: NegotiatedSession
    private var phase = Phase.queued
    private var tokenRetry = TokenRetry()

    private enum Phase {
        case queued
        /// The server has not accepted it yet.
        case open(HTTPExchange, ScheduledAction)
        /// The response refused the token, and another one is requested.
        indirect case renewing(ReceivedResponse, HTTPExchange)
        /// The next message may be sent, but this exchange still runs.
        case passed(HTTPExchange)
        case finished
    }

    init(_ frame: OutgoingFrame, in session: StreamableSession) {
        self.frame = frame
        self.session = session
        sent = session.negotiated
    }

    func start() {
        let request = session.request(for: frame)
        sent = session.negotiated
        let exchange = session.exchange(request) { [self] in handle($0) }
        let deadline = session.pool.schedule(after: SendQueue.acceptanceTimeout, on: self) { $0.timedOut() }
        phase = .open(exchange, deadline)
        exchange.start()
    }

    func cancel() {
        switch phase {
        case .open(let exchange, let deadline):
            deadline.cancel()
            phase = .finished
            exchange.cancel()
        case .passed(let exchange):
            phase = .finished
            exchange.cancel()
        case .renewing: phase = .finished
        case .queued, .finished: break
        }
    }

    private func timedOut() {
        guard case .open(let exchange, _) = phase else { return }
        phase = .passed(exchange)
        report(
            "the server did not respond to the POST of \(frame.shownName) within \(SendQueue.acceptanceTimeout.seconds)",
            exchange
        )
        session.finished(self)
    }

    /// Ends the wait of the messages behind this one.
    private func pass(_ exchange: HTTPExchange, isFinished: Bool) {
        let last = phase
        phase = isFinished ? .finished : .passed(exchange)
        switch last {
        case .open(_, let deadline): deadline.cancel()
        case .renewing: break
        case .queued, .passed, .finished: return
        }
        session.finished(self)
    }

    private func handle(_ step: ExchangeStep) {
        let exchange: HTTPExchange
        switch phase {
        case .open(let current, _), .passed(let current): exchange = current
        case .queued, .renewing, .finished: return
        }
        switch step {
        case .streamStarted(let fields):
            session.readSessionID(fields, frame.head, sent: sent, request: nil, in: exchange.record)
            report(
                "the server responded to the POST of \(frame.shownName) with an event stream; expected 202",
                exchange
            )
            pass(exchange, isFinished: false)
        case .event(let event):
            if !event.data.isEmpty { session.receiver.received(event.data, for: nil) }
        case .streamEnded: pass(exchange, isFinished: true)
        case .failed(let failure):
            report("\(frame.shownName) was not delivered: \(failure.message)", exchange)
            pass(exchange, isFinished: true)
        case .response(let response):
            session.readSessionID(response.fields, frame.head, sent: sent, request: nil, in: exchange.record)
            if renewToken(after: response, exchange) { return }
            handle(response, exchange)
            pass(exchange, isFinished: true)
        }
    }

    /// Requests another token if the response refuses the present one and messages behind this one still wait.
    private func renewToken(after response: ReceivedResponse, _ exchange: HTTPExchange) -> Bool {
        guard case .open(_, let deadline) = phase,
            let refusal = tokenRetry.refusal(in: response, to: exchange.request, frame.head, session.pool.target.tokens)
        else { return false }
        deadline.cancel()
        phase = .renewing(response, exchange)
        session.pool.replaceToken(after: refusal, for: self) { $0.renewedToken($1) }
        return true
    }

    private func renewedToken(_ outcome: AccessTokens.Outcome) {
        guard case .renewing(let response, let exchange) = phase else { return }
        switch outcome {
        case .token, .nonce:
            session.tokenChanged()
            session.receiver.noteEvent(outcome.event(response.status, sendingAgain: frame.shownName))
            start()
        case .unrelated:
            handle(response, exchange)
            pass(exchange, isFinished: true)
        case .failed(let reason):
            let refusal = ResponseFailure.failure(response, to: exchange.request, hadSession: sent.sessionID != nil)
            report("\(frame.shownName) was rejected: \(reason.complete(refusal).message)", exchange)
            pass(exchange, isFinished: true)
        }
    }

    private func handle(_ response: ReceivedResponse, _ exchange: HTTPExchange) {
        guard !response.body.isEmpty || !response.isSuccess else { return }
        let message = Frame(received: response.body)
        switch response.body.isEmpty ? .notJSON : MessageKind(message) {
        // The server rejects this POST. An error without an ID must not be taken for the response to a waiting request.
        case .response(nil, isError: true, _) where !response.isSuccess: exchange.record.keep(response.body)
        case .response, .other: session.receiver.received(message, for: nil)
        case .notMessage, .notJSON: exchange.record.keep(response.body)
        }
        if response.isSuccess {
            report("the server responded to the POST of \(frame.shownName) with a body; expected none", exchange)
        } else {
            let failure = ResponseFailure.failure(response, to: exchange.request, hadSession: sent.sessionID != nil)
            report("\(frame.shownName) was rejected: \(failure.message)", exchange)
        }
    }

    private func report(_ fault: String, _ exchange: HTTPExchange) {
        session.receiver.noteFault(fault, in: exchange.record)
    }
}
