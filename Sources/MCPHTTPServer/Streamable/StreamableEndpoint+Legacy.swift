import JSON
import JSONRPC
import MCP
import MCPTransport
import NIOHTTP1

// The legacy era: what a session is asked.
extension StreamableEndpoint {
    func serveLegacy(_ frame: Frame, _ message: Message, _ request: HTTPRequest, _ way: ResponseWriter) {
        if let refusal = versionRefusal(request) { return way.send(refusal) }
        if case .request(let asked) = message, asked.method == Method.initialize.rawValue,
            request.field(FieldName.session) == nil
        {
            return open(frame, asked, request, way)
        }
        let id: RequestID? = if case .request(let asked) = message { asked.id } else { nil }
        switch session(of: request, id: id) {
        case .failure(let refusal): way.send(refusal.answer)
        case .success(let session): serve(frame, message, session, request, way)
        }
    }

    private func serve(
        _ frame: Frame,
        _ message: Message,
        _ session: HTTPSession,
        _ request: HTTPRequest,
        _ way: ResponseWriter
    ) {
        guard let conversation = session.conversation else { return way.send(Self.unknownSession(nil)) }
        let (count, isBatch) = Self.answers(to: message, frame, in: session.revision)
        guard count > 0 else {
            conversation.received(frame, reply: nil)
            return way.send(.empty(.accepted))
        }
        let exchange = LegacyExchange(
            session,
            way,
            Acceptance(request.head.headers),
            count: count,
            isBatch: isBatch,
            streams: streams
        )
        way.belong(to: exchange)
        conversation.received(frame) { exchange.take($0) }
    }

    /// How many answers a message wants, and whether they come in an array.
    private static func answers(to message: Message, _ frame: Frame, in revision: Revision?) -> (Int, Bool) {
        switch message {
        case .request, .invalid, .unaddressed: return (1, false)
        case .notification, .response, .failure: return (0, false)
        case .batch(let messages):
            let isUnreadable = frame.oddities.contains { if case .text = $0 { true } else { false } }
            // A batch that is refused is refused as a whole.
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

    private func open(_ frame: Frame, _ asked: Message.Request, _ request: HTTPRequest, _ way: ResponseWriter) {
        guard let session = sessions.open(for: request.visitor.principal), let conversation = session.conversation
        else {
            let reason = "too many sessions are open; try again later"
            return way.send(.refusal(.serviceUnavailable, reason, id: asked.id, fields: [("Retry-After", "5")]))
        }
        let exchange = LegacyExchange(
            session,
            way,
            Acceptance(request.head.headers),
            fields: [(FieldName.session, session.id)],
            streams: streams
        )
        way.belong(to: exchange)
        conversation.received(frame) { sending in
            if case .answer(let bytes, let code) = sending {
                if code != nil {
                    // Where nothing was agreed upon there is no session.
                    sessions.end(session)
                    return way.send(.json(bytes, .modern(code)))
                }
                session.revision = Self.agreed(bytes)
            }
            exchange.take(sending)
        }
    }

    /// The revision that an answer to `initialize` names.
    private static func agreed(_ answer: [UInt8]) -> Revision? {
        guard case .message(.response(_, let result)) = Frame(received: answer).content else { return nil }
        return result["protocolVersion"]?.string.flatMap(Revision.init(wireName:))
    }

    // MARK: - Using a session

    /// Opens the session's own stream, or takes up again one that was lost.
    func attach(_ request: HTTPRequest, _ way: ResponseWriter) {
        if let refusal = versionRefusal(request) { return way.send(refusal) }
        switch session(of: request, id: nil) {
        case .failure(let refusal): way.send(refusal.answer)
        case .success(let session):
            guard let lease = streams.take() else {
                let reason = "too many streams of events are open; try again later"
                return way.send(.refusal(.serviceUnavailable, reason, fields: [("Retry-After", "5")]))
            }
            way.belong(to: AttachedStream(session, way), holding: lease)
            if let refusal = session.attach(way, after: request.field(FieldName.lastEvent)) { way.put(refusal) }
            way.flush()
        }
    }

    /// Ends a session because its host says so.
    func end(_ request: HTTPRequest, _ way: ResponseWriter) {
        if let refusal = versionRefusal(request) { return way.send(refusal) }
        switch session(of: request, id: nil) {
        case .failure(let refusal): way.send(refusal.answer)
        case .success(let session):
            sessions.end(session)
            way.send(.empty(.noContent))
        }
    }

    func endConversations() {
        sessions.endAll()
    }

    // MARK: - Refusals

    private struct Refusal: Error {
        let answer: HTTPResponse
    }

    private func session(of request: HTTPRequest, id: RequestID?) -> Result<HTTPSession, Refusal> {
        let ids = request.head.headers[FieldName.session]
        guard ids.count == 1, let sessionID = ids.first else {
            let reason =
                ids.isEmpty
                ? "the header \(FieldName.session) is missing: send initialize first, and what its answer names with each request"
                : "the header \(FieldName.session) stands \(ids.count) times in the head"
            return .failure(Refusal(answer: .refusal(.badRequest, reason, id: id)))
        }
        guard let session = sessions.find(sessionID, for: request.visitor.principal) else {
            return .failure(Refusal(answer: Self.unknownSession(id)))
        }
        return .success(session)
    }

    private static func unknownSession(_ id: RequestID?) -> HTTPResponse {
        .refusal(
            .notFound,
            "there is no such session, or none any more: send initialize again, without a session",
            id: id
        )
    }

    private func versionRefusal(_ request: HTTPRequest) -> HTTPResponse? {
        guard let version = request.field(FieldName.version) else { return nil }
        if Revision(wireName: version)?.era == .legacy { return nil }
        let known = Revision.allCases.filter { $0.era == .legacy }.map(\.wireName).joined(separator: ", ")
        let reason = "the header \(FieldName.version) is \(JSONValue.string(version)); sessions have one of \(known)"
        return .refusal(.badRequest, reason)
    }
}

/// The way of a GET: when it is gone, the stream goes on without.
private final class AttachedStream: ResponseWriterDelegate {
    private let session: HTTPSession
    private let way: ResponseWriter

    init(_ session: HTTPSession, _ way: ResponseWriter) {
        self.session = session
        self.way = way
    }

    func responseIsIdle() {}

    func connectionClosed() {
        session.detach(way)
    }

    func responseShouldEnd() {
        session.letGo(of: way)
    }

    func responseMustEnd(_ error: RPCError) {
        session.conversation?.abort(error)
    }
}
