import AsyncRuntime
import JSON
import JSONRPC
import MCPTransport
import Synchronization

/// A connection on which all messages travel in order: stdio, HTTP+SSE, or in memory.
final class LineWire: Wire {
    let kind: TransportKind
    private let transport: any ClientTransport
    private let receiver: Receiver

    /// Opens a transport.
    ///
    /// - Throws: `TransportFailure`.
    init(_ transport: any ClientTransport, clock: any Scheduler) async throws {
        kind = transport.kind
        self.transport = transport
        receiver = Receiver(clock)
        try await transport.open(receiver)
        receiver.transport.withLock { $0 = transport }
    }

    var strays: [Exchange.Received] { receiver.inbox.messages }
    var framingFaults: [String] { receiver.faults.withLock { $0 } }

    var end: String? { receiver.inbox.end }

    func answer(_ responder: @escaping @Sendable (JSONValue) -> JSONObject?) {
        receiver.responder.withLock { $0 = responder }
    }

    func begin(_ message: WireMessage) -> any PendingExchange {
        let first = receiver.inbox.count
        do {
            try transport.send(OutgoingFrame(bytes: message.bytes))
        } catch {
            receiver.inbox.close("the connection is closed: \(error)")
        }
        return Pending(message, receiver.inbox, first)
    }

    func close() async -> TransportEnd? {
        await transport.close()
    }

    private final class Receiver: ClientTransportReceiver {
        let inbox: WireInbox
        let faults = Mutex<[String]>([])
        let responder = Mutex<(@Sendable (JSONValue) -> JSONObject?)?>(nil)
        let transport = Mutex<(any ClientTransport)?>(nil)

        init(_ clock: any Scheduler) {
            inbox = WireInbox(clock)
        }

        func received(_ frame: Frame, for request: RequestID?) {
            let message = Exchange.Received(frame.bytes)
            if case .noise = frame.content {
                faults.withLock { $0.append("a line that is not JSON: \(message.text)") }
            }
            for case .text in frame.oddities {
                faults.withLock { $0.append("a message that is not valid UTF-8: \(message.text)") }
            }
            inbox.put(message)
            guard let value = message.value, value["method"] != nil, let id = value["id"],
                let answer = responder.withLock({ $0 })?(value)
            else { return }
            var reply: JSONObject = ["jsonrpc": "2.0", "id": id]
            reply.members += answer.members
            do {
                let frame = OutgoingFrame(bytes: Array(JSONValue.object(reply).description.utf8), isResponse: true)
                try transport.withLock { $0 }?.send(frame)
            } catch {
                inbox.close("the connection is closed: \(error)")
            }
        }

        func failed(_ id: RequestID, _ failure: TransportFailure) {
            inbox.close(failure.message)
        }

        func noted(_ note: TransportNote) {
            if case .fault(let sentence, _, _) = note { faults.withLock { $0.append(sentence) } }
        }

        func ended(_ end: TransportEnd) {
            inbox.close(end.reason)
        }
    }

    private final class Pending: PendingExchange {
        private let message: WireMessage
        private let inbox: WireInbox
        private let first: Int

        init(_ message: WireMessage, _ inbox: WireInbox, _ first: Int) {
            self.message = message
            self.inbox = inbox
            self.first = first
        }

        func finish(within limit: Duration) async -> Exchange {
            let (message, first) = (message, first)
            _ = await inbox.wait(within: limit) { messages in
                messages[first...].contains { $0.value.map(message.isAnswered) ?? false }
            }
            return exchange(limit)
        }

        func next(within limit: Duration, _ isWanted: @escaping @Sendable (JSONValue) -> Bool) async -> Exchange {
            let first = first
            _ = await inbox.wait(within: limit) { messages in
                messages[first...].contains { $0.value.map(isWanted) ?? false }
            }
            return exchange(limit)
        }

        func cancel() {}

        private func exchange(_ limit: Duration) -> Exchange {
            var exchange = Exchange(sent: message.bytes)
            let messages = Array(inbox.messages[first...])
            if let index = messages.firstIndex(where: { $0.value.map(message.isAnswered) ?? false }) {
                exchange.received = Array(messages[...index])
                exchange.responseIndex = index
            } else {
                exchange.received = messages
                exchange.end = inbox.end ?? (message.id == nil ? nil : "no response within \(limit.wholeSeconds) s")
            }
            return exchange
        }
    }
}

extension Duration {
    /// In seconds, for messages.
    var wholeSeconds: Int64 { max(1, components.seconds) }
}
