import JSON
import JSONRPC
import MCP
import MCPTransport
import NIOHTTP1

// The legacy era: sessions.
extension StreamableEndpoint {
    func serveLegacy(_ frame: Frame, _ message: Message, _ request: HTTPRequest, _ writer: ResponseWriter) {
        if let refusal = versionRefusal(request) { return writer.send(refusal) }
        if case .request(let call) = message, call.method == Method.initialize.rawValue,
            request.field(FieldName.session) == nil
        {
            return openSession(frame, call, request, writer)
        }
        let id: RequestID? = if case .request(let call) = message { call.id } else { nil }
        switch session(of: request, id: id) {
        case .failure(let refusal): writer.send(refusal.response)
        case .success(let session): serve(frame, message, session, request, writer)
        }
    }

    private func serve(
        _ frame: Frame,
        _ message: Message,
        _ session: HTTPSession,
        _ request: HTTPRequest,
        _ writer: ResponseWriter
    ) {
        guard let conversation = session.conversation else { return writer.send(Self.unknownSession(nil)) }
        let (count, isBatch) = Self.responses(to: message, frame, in: session.revision)
        guard count > 0 else {
            conversation.received(frame, reply: nil)
            return writer.send(.empty(.accepted))
        }
        let exchange = LegacyExchange(
            session,
            writer,
            request.share,
            AcceptedTypes(request.head.headers),
            count: count,
            isBatch: isBatch,
            streams: context.streams
        )
        writer.setDelegate(exchange)
        let inbox = LoopInbox(context.loop) { exchange.send($0) }
        conversation.received(frame) { inbox.put($0) }
    }

    /// How many responses a message needs, and whether they are an array.
    private static func responses(to message: Message, _ frame: Frame, in revision: Revision?) -> (Int, Bool) {
        switch message {
        case .request, .invalid, .unaddressed: return (1, false)
        case .notification, .response, .failure: return (0, false)
        case .batch(let messages):
            let isUnreadable = frame.oddities.contains { if case .text = $0 { true } else { false } }
            // A batch is refused as a whole.
            guard revision?.has(.batching) ?? false, !isUnreadable else { return (1, false) }
            let count = messages.count { message in
                switch message {
                case .request, .invalid, .unaddressed: true
                default: false
                }
            }
            return (count, true)
        }
    }

    // MARK: - Opening a session

    private func openSession(
        _ frame: Frame,
        _ call: Message.Request,
        _ request: HTTPRequest,
        _ writer: ResponseWriter
    ) {
        guard let session = sessions.open(for: request.client.principal), let conversation = session.conversation
        else { return writer.send(.overloaded("too many sessions are open", id: call.id, retryAfter: 5)) }
        let exchange = LegacyExchange(
            session,
            writer,
            request.share,
            AcceptedTypes(request.head.headers),
            fields: [(FieldName.session, session.id)],
            streams: context.streams
        )
        writer.setDelegate(exchange)
        let inbox = LoopInbox<ServerSending>(context.loop) { [sessions] batch in
            for case .answer(let bytes, let code) in batch {
                if code != nil {
                    // Without a successful handshake there is no session.
                    sessions.close(session)
                    return writer.send(.json(bytes, .modern(code)))
                }
                session.revision = Self.negotiatedRevision(bytes)
            }
            exchange.send(batch)
        }
        conversation.received(frame) { inbox.put($0) }
    }

    /// The revision in the result of `initialize`.
    private static func negotiatedRevision(_ response: [UInt8]) -> Revision? {
        guard case .message(.response(_, let result)) = Frame(received: response).content else { return nil }
        return result["protocolVersion"]?.string.flatMap(Revision.init(wireName:))
    }

    // MARK: - Using a session

    /// Opens the session's own stream, or resumes a stream.
    func attach(_ request: HTTPRequest, _ writer: ResponseWriter) {
        if let refusal = versionRefusal(request) { return writer.send(refusal) }
        switch session(of: request, id: nil) {
        case .failure(let refusal): writer.send(refusal.response)
        case .success(let session):
            guard let permit = context.streams.acquire() else {
                return writer.send(.overloaded("too many event streams are open", retryAfter: 5))
            }
            writer.setDelegate(AttachedStream(session, writer))
            writer.hold(permit)
            if let refusal = session.attach(writer, after: request.field(FieldName.lastEvent)) { writer.put(refusal) }
            writer.flush()
        }
    }

    /// Closes a session at its host's request.
    func deleteSession(_ request: HTTPRequest, _ writer: ResponseWriter) {
        if let refusal = versionRefusal(request) { return writer.send(refusal) }
        switch session(of: request, id: nil) {
        case .failure(let refusal): writer.send(refusal.response)
        case .success(let session):
            sessions.close(session)
            writer.send(.empty(.noContent))
        }
    }

    func closeConversations() {
        sessions.closeAll()
    }

    // MARK: - Refusals

    private struct Refusal: Error {
        let response: HTTPResponse
    }

    private func session(of request: HTTPRequest, id: RequestID?) -> Result<HTTPSession, Refusal> {
        let ids = request.head.headers[FieldName.session]
        guard ids.count == 1, let sessionID = ids.first else {
            let reason =
                ids.isEmpty
                ? "missing header \(FieldName.session): send initialize first, then its session ID with each request"
                : "the header \(FieldName.session) is given \(ids.count) times"
            return .failure(Refusal(response: .refusal(.badRequest, reason, id: id)))
        }
        guard let session = sessions.find(sessionID, for: request.client.principal) else {
            return .failure(Refusal(response: Self.unknownSession(id)))
        }
        return .success(session)
    }

    private static func unknownSession(_ id: RequestID?) -> HTTPResponse {
        .refusal(.notFound, "unknown or closed session: send initialize again, without \(FieldName.session)", id: id)
    }

    private func versionRefusal(_ request: HTTPRequest) -> HTTPResponse? {
        guard let version = request.field(FieldName.version) else { return nil }
        if Revision(wireName: version)?.era == .legacy { return nil }
        let known = Revision.allCases.filter { $0.era == .legacy }.map(\.wireName).joined(separator: ", ")
        let reason = "the header \(FieldName.version) is \(JSONValue.string(version)); a session has one of \(known)"
        return .refusal(.badRequest, reason)
    }
}

/// The response of a GET, which sends a stream that goes on without it.
private final class AttachedStream: ResponseWriterDelegate {
    private let session: HTTPSession
    private let writer: ResponseWriter

    init(_ session: HTTPSession, _ writer: ResponseWriter) {
        self.session = session
        self.writer = writer
    }

    func responseIsIdle() {}

    func connectionClosed() {
        session.detach(writer)
    }

    func responseShouldEnd() {
        session.endSessionStream(of: writer)
    }

    func responseMustEnd(_ error: RPCError) {
        session.conversation?.abort(error)
    }
}
