import JSONRPC
import MCPHTTP
import MCPTransport
import NIOHTTP1
import Synchronization

/// One request of the modern era and its answer.
///
/// A stream is begun as late as can be, so that an answer can still have a status. Who leaves has cancelled.
/// Source: 2026-07-28, "Streamable HTTP", "Receiving messages" and "Cancellation".
final class ModernExchange: ResponseWriterDelegate {
    private let id: RequestID
    private let way: ResponseWriter
    private let acceptance: Acceptance
    private let streams: Quota
    private let conversation: any ServerConversation
    private let endings: ShutdownTasks
    /// Whoever puts something decides under the lock in which form.
    private let turn = Mutex(())

    init(
        _ id: RequestID,
        _ way: ResponseWriter,
        _ acceptance: Acceptance,
        conversation: any ServerConversation,
        streams: Quota,
        endings: ShutdownTasks
    ) {
        self.id = id
        self.way = way
        self.acceptance = acceptance
        self.conversation = conversation
        self.streams = streams
        self.endings = endings
    }

    /// Takes what the conversation has to send.
    func take(_ sending: ServerSending) {
        turn.withLock { _ in
            switch sending {
            case .answer(let bytes, let code):
                if acceptance.json, !way.isStreaming {
                    way.put(.json(bytes, .modern(code)))
                } else if begin() {
                    way.put(event: EventStreamWriter.event(data: bytes))
                    way.putEnd()
                }
            case .notification(let bytes), .request(let bytes):
                if begin() { way.put(event: EventStreamWriter.event(data: bytes)) }
            case .dropped:
                way.put(.refusal(.serviceUnavailable, "the request was cancelled by the server", id: id))
                way.putEnd()
            // In this era nothing can be taken up again.
            case .pause: break
            }
        }
        way.flush()
    }

    /// Begins the stream unless it has begun, for those who can read one.
    private func begin() -> Bool {
        if way.isStreaming { return true }
        guard acceptance.events else { return false }
        guard let lease = streams.take() else {
            way.put(.refusal(.serviceUnavailable, "too many streams of events are open; try again later", id: id))
            endings.add(conversation)
            return false
        }
        way.belong(to: nil, holding: lease)
        way.putBeginning()
        return true
    }

    func responseIsIdle() {
        turn.withLock { _ in _ = begin() }
        way.flush()
    }

    func connectionClosed() {
        endings.add(conversation)
    }

    func responseShouldEnd() {
        endings.add { [conversation] in await conversation.finish() }
    }

    func responseMustEnd(_ error: RPCError) {
        conversation.abort(error)
    }
}
