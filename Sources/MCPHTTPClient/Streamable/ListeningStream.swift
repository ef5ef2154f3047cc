import AsyncRuntime
import JSON
import JSONRPC
import MCPHTTP
import MCPTransport
import NIOCore
import NIOHTTP1
import Synchronization

/// The stream of the legacy era for what belongs to no request; a server need not have one.
///
/// Source: transports, "Listening for messages from the server", 2025-03-26 to 2025-11-25.
final class ListeningStream: Sendable {
    /// The session that it belongs to.
    let sessionID: String?
    private let session: StreamableSession
    private let state: Mutex<State>

    private struct State {
        var exchange: HTTPExchange?
        var pause: ScheduledAction?
        var resumption: Resumption
        var standing = "not yet answered"
        var isOver = false
    }

    init(of sessionID: String?, in session: StreamableSession) {
        self.sessionID = sessionID
        self.session = session
        state = Mutex(State(resumption: Resumption(limit: session.limits.resumptions)))
    }

    /// What became of it, in words.
    var standing: String { state.withLock { $0.standing } }

    func start() {
        guard let lastEventID = state.withLock({ $0.isOver ? nil : .some($0.resumption.lastEventID) }) else { return }
        let plan = session.plan(.GET, accept: "text/event-stream", lastEventID: lastEventID)
        let exchange = session.exchange(plan) { [self] in take($0, of: plan) }
        state.withLock { $0.exchange = exchange }
        exchange.start()
    }

    func cancel() {
        let (exchange, pause) = state.withLock { state in
            state.isOver = true
            defer { (state.exchange, state.pause) = (nil, nil) }
            return (state.exchange, state.pause)
        }
        pause?.cancel()
        exchange?.cancel()
    }

    private func take(_ step: ExchangeStep, of plan: ExchangePlan) {
        guard !state.withLock({ $0.isOver }) else { return }
        switch step {
        case .streaming: stands("open", "the server's own stream is open")
        case .event(let event):
            state.withLock { $0.resumption.saw(event) }
            if !event.data.isEmpty, event.type == "message" { session.receiver.received(event.data, for: nil) }
        case .ended(let ending):
            state.withLock { $0.resumption.saw(ending) }
            let how = ending.failure?.message ?? "the server ended it"
            again(after: "\(how)\(ending.isMidEvent ? ", half-way in an event" : "")")
        case .failed(let failure): again(after: failure.message)
        case .answer(let answer): refused(answer, plan)
        }
    }

    /// A server may refuse, and must say so by 405 (2025-03-26 and later); others are told of.
    private func refused(_ answer: ReceivedResponse, _ plan: ExchangePlan) {
        state.withLock { $0.isOver = true }
        let status = answer.status.code
        if answer.isSuccess {
            let record = state.withLock { $0.exchange }?.record
            stands("answered \(status) with something that is no stream", nil)
            session.note(
                .fault(
                    "the server answered GET with \(status) and no stream of events; 405 says that there is none",
                    request: nil,
                    evidence: record?.evidence() ?? [:]
                )
            )
        } else {
            stands("not offered (\(status))", "the server offers no stream of its own (\(status))")
        }
    }

    private func again(after reason: String) {
        guard let wait = state.withLock({ $0.resumption.next() }) else {
            state.withLock { $0.isOver = true }
            return stands("given up: \(reason)", "the server's own stream is given up: \(reason)")
        }
        stands("broken: \(reason)", "the server's own stream is taken up again: \(reason)")
        let scheduler = session.scheduler
        let pause = scheduler.schedule(at: scheduler.now.advanced(by: wait)) { [self] in
            session.wire.loop.execute { [self] in start() }
        }
        state.withLock { $0.pause = pause }
    }

    private func stands(_ standing: String, _ event: String?) {
        state.withLock { $0.standing = standing }
        if let event { session.note(.event(event)) }
    }
}
