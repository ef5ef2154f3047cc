import AsyncRuntime
import JSONRPC
import MCPHTTP
import MCPTransport
import NIOHTTP1

/// The stream of the legacy era for messages that belong to no request; a server need not offer one.
///
/// Source: transports, "Listening for messages from the server", 2025-03-26 to 2025-11-25.
final class StandaloneStream {
    /// The session that it belongs to.
    let sessionID: String?
    private let session: StreamableSession
    private var phase = Phase.idle
    private var resumption: Resumption
    private var tokenRetry = TokenRetry()

    private enum Phase {
        case idle
        case open(HTTPExchange)
        case pausing(ScheduledAction)
        /// The response refused the token, and another one is requested.
        indirect case renewing(ReceivedResponse, ExchangeRecord)
        case finished
    }

    init(of sessionID: String?, in session: StreamableSession) {
        self.sessionID = sessionID
        self.session = session
        resumption = Resumption(limit: session.limits.resumptions)
    }

    func start() {
        setState("no response yet")
        connect()
    }

    func cancel() {
        let last = phase
        phase = .finished
        switch last {
        case .open(let exchange): exchange.cancel()
        case .pausing(let pause): pause.cancel()
        case .idle, .renewing, .finished: break
        }
    }

    private func connect() {
        if case .finished = phase { return }
        let request = session.request(.GET, accept: "text/event-stream", lastEventID: resumption.lastEventID)
        let exchange = session.exchange(request) { [self] in handle($0) }
        phase = .open(exchange)
        exchange.start()
    }

    private func handle(_ step: ExchangeStep) {
        guard case .open(let exchange) = phase else { return }
        switch step {
        case .streamStarted:
            tokenRetry = TokenRetry()
            setState("open", event: "the standalone stream is open")
        case .event(let event):
            resumption.saw(event)
            if !event.data.isEmpty, event.type == "message" { session.receiver.received(event.data, for: nil) }
        case .streamEnded(let end):
            resumption.saw(end)
            let reason = end.failure?.message ?? "the server closed it"
            resume(after: "\(reason)\(end.isMidEvent ? ", in the middle of an event" : "")")
        case .failed(let failure): resume(after: failure.message)
        case .response(let response):
            let tokens = session.pool.target.tokens
            guard let refusal = tokenRetry.refusal(in: response, to: exchange.request, nil, tokens) else {
                return rejected(response, exchange.record)
            }
            phase = .renewing(response, exchange.record)
            session.pool.replaceToken(after: refusal, for: self) { $0.renewedToken($1) }
        }
    }

    private func renewedToken(_ outcome: AccessTokens.Outcome) {
        guard case .renewing(let response, let record) = phase else { return }
        switch outcome {
        case .token, .nonce:
            session.tokenChanged()
            connect()
        case .unrelated, .failed: rejected(response, record)
        }
    }

    /// A server without the stream must say so with 405 (2025-03-26 and later).
    ///
    /// A success without a stream is reported.
    private func rejected(_ response: ReceivedResponse, _ record: ExchangeRecord) {
        phase = .finished
        let status = response.status.code
        guard response.isSuccess else {
            return setState("not offered (\(status))", event: "the server offers no standalone stream (\(status))")
        }
        setState("status \(status) without an event stream")
        if !response.body.isEmpty { record.keep(response.body) }
        session.receiver.noteFault(
            "the server responded to GET with \(status) and no event stream; a server without one must return 405",
            in: record
        )
    }

    private func resume(after reason: String) {
        guard let delay = resumption.next() else {
            phase = .finished
            return setState("given up: \(reason)", event: "giving up the standalone stream: \(reason)")
        }
        setState("broken: \(reason)", event: "resuming the standalone stream: \(reason)")
        phase = .pausing(session.pool.schedule(after: delay, on: self) { $0.connect() })
    }

    private func setState(_ state: String, event: String? = nil) {
        session.record.setFact("server_stream", session.pool.target.secrets.redact(state))
        if let event { session.receiver.noteEvent(event) }
    }
}
