import AsyncRuntime
import JSONRPC
import MCPHTTP
import MCPTransport

/// The POST of one frame over HTTP+SSE.
///
/// Its response is a status; the response to a request arrives on the stream.
final class SSEPost {
    let frame: OutgoingFrame
    private let session: SSESession
    private let messages: HTTPURL
    private var phase = Phase.queued
    private var tokenRetry = TokenRetry()
    /// The deadline for the acceptance of a message without a response, for which others wait.
    private var deadline: ScheduledAction?

    private enum Phase {
        case queued
        case open(HTTPExchange)
        /// The response refused the token, and another one is requested.
        indirect case renewing(ReceivedResponse, HTTPExchange)
        case finished
    }

    init(_ frame: OutgoingFrame, to messages: HTTPURL, in session: SSESession) {
        self.frame = frame
        self.session = session
        self.messages = messages
    }

    func start() {
        let exchange = HTTPExchange(session.request(for: frame, to: messages), on: session.pool) { [self] in handle($0)
        }
        let isWaitedFor = if case .queued = phase { frame.request == nil } else { deadline != nil }
        phase = .open(exchange)
        session.record.add(exchange.record, for: frame.request)
        if isWaitedFor {
            deadline = session.pool.schedule(after: SendQueue.acceptanceTimeout, on: self) { $0.timedOut() }
        }
        exchange.start()
    }

    func cancel() {
        deadline?.cancel()
        deadline = nil
        let last = phase
        phase = .finished
        if case .open(let exchange) = last { exchange.cancel() }
    }

    private func timedOut() {
        guard deadline != nil, case .open(let exchange) = phase else { return }
        let limit = SendQueue.acceptanceTimeout.seconds
        session.receiver.noteFault(
            "the server did not respond to the POST of \(frame.shownName) within \(limit)",
            in: exchange.record
        )
        pass()
    }

    /// Ends the wait of the messages behind this one.
    private func pass() {
        guard let deadline else { return }
        self.deadline = nil
        deadline.cancel()
        session.accepted()
    }

    private func handle(_ step: ExchangeStep) {
        guard case .open(let exchange) = phase else { return }
        switch step {
        case .event: return
        case .streamStarted: return pass()
        case .streamEnded: break
        case .failed(let failure): rejected(failure, exchange)
        case .response(let response) where response.isSuccess: accepted(response, exchange)
        case .response(let response):
            let tokens = session.pool.target.tokens
            if let refusal = tokenRetry.refusal(in: response, to: exchange.request, frame.head, tokens) {
                deadline?.cancel()
                phase = .renewing(response, exchange)
                return session.pool.replaceToken(after: refusal, for: self) { $0.renewedToken($1) }
            }
            rejected(response, exchange)
        }
        finish()
    }

    private func renewedToken(_ outcome: AccessTokens.Outcome) {
        guard case .renewing(let response, let exchange) = phase else { return }
        switch outcome {
        case .token, .nonce: return start()
        case .unrelated: rejected(response, exchange)
        case .failed(let reason): rejected(response, exchange, because: reason)
        }
        finish()
    }

    private func finish() {
        phase = .finished
        session.finished(self)
        pass()
    }

    /// Servers often send a word such as "Accepted"; only a message is wrong here.
    private func accepted(_ response: ReceivedResponse, _ exchange: HTTPExchange) {
        guard !response.body.isEmpty else { return }
        let message = Frame(received: response.body)
        guard MessageKind(message).isResponse else { return exchange.record.keep(response.body) }
        session.receiver.received(message, for: frame.request)
        session.receiver.noteFault(
            "the server sent a response in the body of a POST; expected it on the event stream",
            request: frame.request,
            in: exchange.record
        )
    }

    private func rejected(
        _ response: ReceivedResponse,
        _ exchange: HTTPExchange,
        because reason: AccessTokens.Reason? = nil
    ) {
        if !response.body.isEmpty { exchange.record.keep(response.body) }
        let failure = ResponseFailure.failure(response, to: exchange.request, hadSession: false)
        rejected(reason?.complete(failure) ?? failure, exchange)
    }

    private func rejected(_ failure: TransportFailure, _ exchange: HTTPExchange) {
        if let id = frame.request {
            session.receiver.failed(id, exchange.record.completing(failure))
        } else {
            session.receiver.noteFault("\(frame.shownName) was not delivered: \(failure.message)", in: exchange.record)
        }
    }
}
