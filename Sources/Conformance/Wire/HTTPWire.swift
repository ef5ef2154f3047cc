import AsyncRuntime
import JSON
import MCPHTTP
import MCPHTTPClient
import MCPTransport
import Synchronization

/// Streamable HTTP: every message is a request of its own.
final class HTTPWire: Wire {
    /// Sends one HTTP request, passes the steps of the response on, and returns what closes it.
    typealias Start =
        @Sendable (
            _ method: String, _ fields: [(name: String, value: String)], _ body: [UInt8]?,
            _ onStep: @escaping @Sendable (PlainConnection.Step) -> Void
        ) -> @Sendable () -> Void

    let kind = TransportKind.streamableHTTP
    private let start: Start
    private let clock: any Scheduler
    private let onClose: @Sendable () async -> Void
    private let responder = Mutex<(@Sendable (JSONValue) -> JSONObject?)?>(nil)
    private let all = Mutex<[Exchange.Received]>([])
    private let faults = Mutex<[String]>([])
    /// The headers of replies to requests of the server.
    let replyFields = Mutex<[(name: String, value: String)]>([])

    init(clock: any Scheduler, start: @escaping Start, onClose: @escaping @Sendable () async -> Void = {}) {
        self.start = start
        self.clock = clock
        self.onClose = onClose
    }

    var strays: [Exchange.Received] { all.withLock { $0 } }
    var framingFaults: [String] { faults.withLock { $0 } }

    var end: String? { nil }

    func answer(_ responder: @escaping @Sendable (JSONValue) -> JSONObject?) {
        self.responder.withLock { $0 = responder }
    }

    func begin(_ message: WireMessage) -> any PendingExchange {
        let pending = Pending(message, clock)
        let body = message.httpMethod == "POST" ? message.bytes : nil
        pending.run { step in
            start(message.httpMethod, message.fields, body) { [weak self] in
                self?.note($0)
                step($0)
            }
        }
        return pending
    }

    func close() async -> TransportEnd? {
        await onClose()
        return nil
    }

    private func note(_ step: PlainConnection.Step) {
        let bytes: [UInt8]
        switch step {
        case .event(let event): bytes = event.data
        case .body(let body): bytes = body
        case .head, .ended: return
        }
        guard !bytes.isEmpty else { return }
        let message = Exchange.Received(bytes)
        all.withLock { $0.append(message) }
        guard let value = message.value, value["method"] != nil, let id = value["id"],
            let answer = responder.withLock({ $0 })?(value)
        else { return }
        var reply: JSONObject = ["jsonrpc": "2.0", "id": id]
        reply.members += answer.members
        let fields = replyFields.withLock { $0 }
        _ = start("POST", fields, Array(JSONValue.object(reply).description.utf8)) { _ in }
    }

    private final class Pending: PendingExchange {
        private struct State {
            var http: Exchange.HTTP
            var isEnded = false
        }

        private let message: WireMessage
        private let inbox: WireInbox
        private let state: Mutex<State>
        private let close = Mutex<(@Sendable () -> Void)?>(nil)

        init(_ message: WireMessage, _ clock: any Scheduler) {
            self.message = message
            inbox = WireInbox(clock)
            state = Mutex(State(http: Exchange.HTTP(method: message.httpMethod, sentFields: message.fields)))
        }

        func run(_ start: (@escaping @Sendable (PlainConnection.Step) -> Void) -> @Sendable () -> Void) {
            let end = start { [self] in take($0) }
            close.withLock { $0 = end }
        }

        private func take(_ step: PlainConnection.Step) {
            switch step {
            case .head(let status, let fields):
                state.withLock {
                    $0.http.status = status
                    $0.http.fields = fields
                }
                // Wakes those that wait for the head.
                inbox.put(Exchange.Received([]))
            case .event(let event): inbox.put(Exchange.Received(event.data, eventID: event.lastEventID))
            case .body(let bytes):
                state.withLock { $0.http.body = bytes }
                if !bytes.isEmpty { inbox.put(Exchange.Received(bytes)) }
            case .ended(let failure):
                state.withLock {
                    $0.isEnded = true
                    $0.http.failure = failure?.message
                }
                inbox.close(failure?.message ?? "the response has ended")
            }
        }

        func finish(within limit: Duration) async -> Exchange {
            let message = message
            let isInTime = await inbox.wait(within: limit) { messages in
                messages.contains { $0.value.map(message.isAnswered) ?? false }
            }
            // A stream that stays open after the response is a fault, but not that of other checks.
            if isInTime, inbox.end == nil { _ = await inbox.wait(within: .seconds(2)) { _ in false } }
            let isOpen = state.withLock { !$0.isEnded }
            if isOpen { cancel() }
            return exchange(staysOpen: isInTime && isOpen, limit)
        }

        func next(within limit: Duration, _ isWanted: @escaping @Sendable (JSONValue) -> Bool) async -> Exchange {
            _ = await inbox.wait(within: limit) { messages in messages.contains { $0.value.map(isWanted) ?? false } }
            return exchange(staysOpen: false, limit)
        }

        func cancel() {
            close.withLock { $0 }?()
        }

        private func exchange(staysOpen: Bool, _ limit: Duration) -> Exchange {
            var http = state.withLock { $0.http }
            http.staysOpen = staysOpen
            var exchange = Exchange(sent: message.bytes, http: http)
            exchange.received = inbox.messages.filter { !$0.bytes.isEmpty }
            exchange.responseIndex = exchange.received.firstIndex { $0.value.map(message.isAnswered) ?? false }
            if exchange.responseIndex == nil {
                exchange.end = inbox.end ?? "no response within \(limit.wholeSeconds) s"
            }
            return exchange
        }
    }
}
