import JSONRPC
import MCPHTTP
import MCPTransport
import NIOCore

/// A session of HTTP+SSE, which lasts as long as its event stream.
final class EventStreamSession: ResponseWriterDelegate {
    let principal: Principal

    /// The conversation and how to send to its host, or nil if the session is closed.
    private var open: (conversation: any ServerConversation, send: @Sendable (ServerSending) -> Void)?
    private let writer: ResponseWriter
    private let context: ServerContext
    private let onEnd: () -> Void

    /// Creates a session.
    ///
    /// - Parameter onEnd: Called when the session has to be closed.
    init(_ writer: ResponseWriter, principal: Principal, _ context: ServerContext, onEnd: @escaping () -> Void) {
        self.writer = writer
        self.principal = principal
        self.context = context
        self.onEnd = onEnd
    }

    /// Starts the conversation.
    func start(_ makeConversation: MakeConversation) {
        let inbox = LoopInbox<[UInt8]>(context.loop) { [writer] messages in
            for message in messages { writer.put(event: EventStreamWriter.event(type: "message", data: message)) }
            writer.flush()
        }
        let send: @Sendable (ServerSending) -> Void = { sending in
            if let bytes = sending.bytes { inbox.put(bytes) }
        }
        let link = HostLink(principal: principal, span: .session, send: send)
        open = (makeConversation(link), send)
    }

    var isOpen: Bool { open != nil }

    /// Takes a frame whose responses are sent over the stream.
    ///
    /// - Parameter share: Kept until they are sent.
    func receive(_ frame: Frame, _ share: RequestShare) {
        guard let open else { return }
        open.conversation.received(frame) { [send = open.send] sending in
            withExtendedLifetime(share) { send(sending) }
        }
    }

    /// Ends the event stream.
    ///
    /// - Returns: The conversation, which has to be cancelled; nil if the session was closed before.
    func close() -> (any ServerConversation)? {
        defer { open = nil }
        endStream()
        return open?.conversation
    }

    private func endStream() {
        writer.putStreamEnd()
        writer.flush()
    }

    // MARK: - The connection

    func responseIsIdle() {}

    func connectionClosed() {
        onEnd()
    }

    func responseShouldEnd() {
        guard let conversation = open?.conversation else { return }
        let end = NIOLoopBound(onEnd, eventLoop: context.loop)
        context.shutdownTasks.add {
            await conversation.finish()
            end.eventLoop.execute { end.value() }
        }
    }

    func responseMustEnd(_ error: RPCError) {
        open?.conversation.abort(error)
        endStream()
    }
}
