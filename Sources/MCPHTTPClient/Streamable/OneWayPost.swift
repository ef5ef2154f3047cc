import JSON
import JSONRPC
import MCP
import MCPHTTP
import MCPTransport
import Synchronization

/// The POST of something that gets no answer: a notification, an answer of ours, bytes that are no message.
final class OneWayPost: Sendable {
    private let frame: OutgoingFrame
    private let session: StreamableSession
    private let exchange = Mutex<HTTPExchange?>(nil)

    init(_ frame: OutgoingFrame, in session: StreamableSession) {
        self.frame = frame
        self.session = session
    }

    /// Sends it, and tells when the server has taken it, or has not.
    func start(_ done: @escaping @Sendable () -> Void) {
        let (plan, sent) = session.plan(for: frame)
        let exchange = session.exchange(plan) { [self] step in
            take(step, plan, sent)
            switch step {
            // A stream is answer enough.
            case .streaming: done()
            case .event: break
            case .ended: letGo()
            case .answer, .failed:
                letGo()
                done()
            }
        }
        self.exchange.withLock { $0 = exchange }
        exchange.start()
    }

    func cancel() {
        letGo()?.cancel()
    }

    /// What is over is not held, for it holds this.
    @discardableResult
    private func letGo() -> HTTPExchange? {
        exchange.withLock { exchange in
            defer { exchange = nil }
            return exchange
        }
    }

    func tellThatNothingCame(within patience: Duration) {
        fault("the server did not answer the POST of \(name) within \(patience)")
    }

    private func take(_ step: ExchangeStep, _ plan: ExchangePlan, _ sent: SessionState) {
        switch step {
        case .streaming(let fields):
            session.look(at: fields, answering: frame.head, sent, request: nil)
            fault("the server answered the POST of \(name) with a stream of events; nothing was to be answered")
        case .event(let event):
            if !event.data.isEmpty { session.receiver.received(event.data, for: nil) }
        case .ended: break
        case .failed(let failure): fault("\(name) did not arrive: \(failure.message)")
        case .answer(let answer):
            session.look(at: answer.fields, answering: frame.head, sent, request: nil)
            take(answer, plan, sent)
        }
    }

    private func take(_ answer: ReceivedResponse, _ plan: ExchangePlan, _ sent: SessionState) {
        let message = Frame(received: answer.body)
        let scan = answer.body.isEmpty ? nil : MessageScan(message)
        switch scan {
        // It is this POST that is refused: an error that names no request is not for one that happens to wait.
        case .answer(nil, isError: true, _) where !answer.isSuccess: break
        case .answer, .other:
            exchange.withLock { $0 }?.record.bodyWasMessage()
            session.receiver.received(message, for: nil)
        case .json, .noise, nil: break
        }
        if !answer.isSuccess {
            let failure = ResponseFault.failure(answer, to: plan, sessionWasSent: sent.sessionID != nil)
            fault("\(name) was refused: \(failure.message)")
        } else if scan != nil {
            fault("the server answered the POST of \(name) with a body; nothing was to be answered")
        }
    }

    private var name: String { frame.head.method?.rawValue ?? "a message that is no request" }

    private func fault(_ text: String) {
        let evidence = exchange.withLock { $0 }?.record.evidence() ?? [:]
        session.note(.fault(text, request: nil, evidence: evidence))
    }
}
