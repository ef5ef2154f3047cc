import JSONRPC
import MCPHTTP
import MCPTransport
import NIOHTTP1

/// One request of the stateless era and its response.
///
/// The event stream is opened as late as possible, so that a response can still have a status. A client that leaves cancels its
/// request.
/// Source: 2026-07-28, "Streamable HTTP", "Receiving messages" and "Cancellation".
final class ModernExchange: ResponseWriterDelegate {
    private let id: RequestID
    private let writer: ResponseWriter
    private let accepted: AcceptedTypes
    private let conversation: any ServerConversation
    private let streams: Quota
    private let shutdownTasks: ShutdownTasks

    init(
        _ id: RequestID,
        _ writer: ResponseWriter,
        _ accepted: AcceptedTypes,
        _ conversation: any ServerConversation,
        _ context: ServerContext
    ) {
        self.id = id
        self.writer = writer
        self.accepted = accepted
        self.conversation = conversation
        streams = context.streams
        shutdownTasks = context.shutdownTasks
    }

    /// Sends what the conversation sends for this request.
    func send(_ batch: [ServerSending]) {
        for sending in batch { put(sending) }
        writer.flush()
    }

    private func put(_ sending: ServerSending) {
        switch sending {
        case .answer(let bytes, let code):
            if accepted.json, !writer.isStreaming {
                writer.put(.json(bytes, .modern(code)))
            } else if openStream() {
                writer.put(event: EventStreamWriter.event(data: bytes))
                writer.putStreamEnd()
            }
        case .notification(let bytes), .request(let bytes):
            if openStream() { writer.put(event: EventStreamWriter.event(data: bytes)) }
        case .dropped:
            writer.put(.refusal(.serviceUnavailable, "the server cancelled the request", id: id))
            writer.putStreamEnd()
        // This era cannot resume a stream.
        case .pause: break
        }
    }

    /// Opens the event stream if the client can read one.
    ///
    /// - Returns: Whether a stream is open.
    private func openStream() -> Bool {
        if writer.isStreaming { return true }
        guard accepted.events else { return false }
        guard let permit = streams.acquire() else {
            writer.put(.overloaded("too many event streams are open", id: id, retryAfter: 5))
            shutdownTasks.cancel(conversation)
            return false
        }
        writer.hold(permit)
        writer.putStreamHead()
        return true
    }

    // MARK: - The connection

    func responseIsIdle() {
        _ = openStream()
        writer.flush()
    }

    func connectionClosed() {
        shutdownTasks.cancel(conversation)
    }

    func responseShouldEnd() {
        shutdownTasks.add { [conversation] in await conversation.finish() }
    }

    func responseMustEnd(_ error: RPCError) {
        conversation.abort(error)
    }
}
