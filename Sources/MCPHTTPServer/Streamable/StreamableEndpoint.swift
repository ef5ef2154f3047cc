import AsyncRuntime
import JSON
import JSONRPC
import MCP
import MCPTransport
import NIOHTTP1

/// Streamable HTTP: both eras on one path.
///
/// The body of a request decides its era, or else its head.
/// Source: 2026-07-28 and 2025-11-25, "Streamable HTTP"; 2026-07-28, "Versioning", backward compatibility.
final class StreamableEndpoint: Endpoint {
    static let methods = "GET, POST, DELETE"

    let context: ServerContext
    let sessions: SessionTable
    private let makeConversation: MakeConversation
    private let path: String

    init(_ context: ServerContext, _ makeConversation: @escaping MakeConversation) {
        self.context = context
        self.makeConversation = makeConversation
        path = context.options.path
        sessions = SessionTable(context, makeConversation)
    }

    // MARK: - The head

    func refusal(of head: HTTPRequestHead) -> HTTPResponse? {
        guard head.path == path else {
            return .refusal(.notFound, "there is nothing at \(head.path); the MCP endpoint is \(path)")
        }
        switch head.method {
        case .POST:
            guard Self.isJSON(head.headers["Content-Type"]) else {
                return .refusal(.unsupportedMediaType, "the Content-Type of a POST must be application/json")
            }
            let accepted = AcceptedTypes(head.headers)
            guard accepted.json || accepted.events else {
                let reason = "responses are application/json or text/event-stream, and Accept allows neither"
                return .refusal(.notAcceptable, reason)
            }
        case .GET, .DELETE:
            if Self.isModern(head.headers.first(name: FieldName.version)) {
                let reason = "this protocol version supports only POST"
                return .refusal(.methodNotAllowed, reason, fields: [("Allow", "POST")])
            }
            if head.method == .GET, !AcceptedTypes(head.headers).events {
                return .refusal(.notAcceptable, "a GET opens a text/event-stream, which Accept does not allow")
            }
        default:
            let reason = "the MCP endpoint does not support \(head.method)"
            return .refusal(.methodNotAllowed, reason, fields: [("Allow", Self.methods)])
        }
        return nil
    }

    private static func isJSON(_ types: [String]) -> Bool {
        guard types.count == 1, let type = types[0].split(separator: ";").first else { return false }
        return type.trimmingSpaces.lowercased() == "application/json"
    }

    private static func isModern(_ version: String?) -> Bool {
        version.flatMap(Revision.init(wireName:))?.era == .modern
    }

    // MARK: - Routing

    func serve(_ request: HTTPRequest, _ writer: ResponseWriter) {
        switch request.head.method {
        case .GET: attach(request, writer)
        case .DELETE: deleteSession(request, writer)
        default: servePost(request, writer)
        }
    }

    private func servePost(_ request: HTTPRequest, _ writer: ResponseWriter) {
        let frame = Frame(received: request.body)
        let message: Message
        switch frame.content {
        case .noise(let error): return writer.send(.error(.badRequest, .parseError("\(error)")))
        case .message(.unaddressed(let reason)): return writer.send(.refusal(.badRequest, reason))
        case .message(.invalid(let id, let reason)): return writer.send(.refusal(.badRequest, reason, id: id))
        case .message(let other): message = other
        }
        let version = request.field(FieldName.version)
        switch message {
        case .request(let call):
            let meta = RequestMeta(json: call.params?["_meta"]?.value().object ?? [:])
            if meta.isEnvelope || isModern(version, request) {
                let modern = ModernRequest(headers: request.head.headers, message: call, meta: meta)
                serveModern(frame, modern, request, writer)
            } else {
                serveLegacy(frame, message, request, writer)
            }
        case .notification where Self.isModern(version):
            // A notification could cancel the request of another host, so it has no effect.
            writer.send(.empty(.accepted))
        case .batch where Self.isModern(version), .response where Self.isModern(version),
            .failure where Self.isModern(version):
            writer.send(.refusal(.badRequest, "the body of a POST must be one request or one notification"))
        default: serveLegacy(frame, message, request, writer)
        }
    }

    /// Whether a request without an envelope belongs to the stateless era by its head; one of a session does not.
    private func isModern(_ version: String?, _ request: HTTPRequest) -> Bool {
        guard let version else { return false }
        guard let revision = Revision(wireName: version) else { return request.field(FieldName.session) == nil }
        return revision.era == .modern
    }

    // MARK: - The stateless era

    private func serveModern(_ frame: Frame, _ modern: ModernRequest, _ request: HTTPRequest, _ writer: ResponseWriter)
    {
        // The response carries everything that is sent to the host; there is no other channel.
        let link = HostLink(principal: request.client.principal, span: .request) { _ in }
        let conversation = makeConversation(link)
        let id = modern.message.id
        if let error = modern.refusal(mirrored: conversation.mirroredArguments) {
            return writer.send(.error(.modern(error.code), error, id: id))
        }
        let accepted = AcceptedTypes(request.head.headers)
        let exchange = ModernExchange(id, writer, accepted, conversation, context)
        writer.setDelegate(exchange)
        let inbox = LoopInbox(context.loop) { exchange.send($0) }
        conversation.received(frame) { inbox.put($0) }
    }
}
