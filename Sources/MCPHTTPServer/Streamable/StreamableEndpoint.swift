import AsyncRuntime
import JSON
import JSONRPC
import MCP
import MCPTransport
import NIOHTTP1

/// Streamable HTTP: both eras on one path.
///
/// The era of a request is told from its body first and from its head second.
/// Source: 2026-07-28 and 2025-11-25, "Streamable HTTP"; 2026-07-28, "Versioning", backward compatibility.
struct StreamableEndpoint: Endpoint {
    static let methods = "GET, POST, DELETE"

    let path: String
    let streams: Quota
    let endings: ShutdownTasks
    let makeConversation: MakeConversation
    let sessions: SessionTable

    init(
        _ options: HTTPServerOptions,
        _ scheduler: any Scheduler,
        _ endings: ShutdownTasks,
        _ makeConversation: @escaping MakeConversation
    ) {
        path = options.path
        streams = Quota(options.limits.streams)
        self.endings = endings
        self.makeConversation = makeConversation
        sessions = SessionTable(options.limits, scheduler, endings, makeConversation)
    }

    // MARK: - The head

    func refusal(of head: HTTPRequestHead) -> HTTPResponse? {
        guard head.path == path else {
            return .refusal(.notFound, "there is nothing at \(head.path); this server speaks MCP at \(path)")
        }
        switch head.method {
        case .POST:
            guard Self.isJSON(head.headers["Content-Type"]) else {
                return .refusal(.unsupportedMediaType, "the body of a POST must be application/json, and say so")
            }
            let acceptance = Acceptance(head.headers)
            guard acceptance.json || acceptance.events else {
                return .refusal(
                    .notAcceptable,
                    "answers are application/json or text/event-stream; Accept allows neither"
                )
            }
        case .GET, .DELETE:
            if Self.isModern(head.headers.first(name: FieldName.version)) {
                let reason = "this revision of the protocol has only POST"
                return .refusal(.methodNotAllowed, reason, fields: [("Allow", "POST")])
            }
            if head.method == .GET, !Acceptance(head.headers).events {
                return .refusal(
                    .notAcceptable,
                    "a GET opens a stream of text/event-stream, which Accept does not allow"
                )
            }
        default:
            return .refusal(.methodNotAllowed, "\(head.method) is not for MCP", fields: [("Allow", Self.methods)])
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

    func serve(_ request: HTTPRequest, _ way: ResponseWriter) {
        switch request.head.method {
        case .GET: attach(request, way)
        case .DELETE: end(request, way)
        default: post(request, way)
        }
    }

    private func post(_ request: HTTPRequest, _ way: ResponseWriter) {
        let frame = Frame(received: request.body)
        let message: Message
        switch frame.content {
        case .noise(let error): return way.send(.error(.badRequest, .parseError("\(error)")))
        case .message(.unaddressed(let reason)): return way.send(.refusal(.badRequest, reason))
        case .message(.invalid(let id, let reason)): return way.send(.refusal(.badRequest, reason, id: id))
        case .message(let other): message = other
        }
        let version = request.field(FieldName.version)
        switch message {
        case .request(let asked):
            let meta = RequestMeta(json: asked.params?["_meta"]?.value().object ?? [:])
            if meta.isEnvelope || isModern(version, request) {
                serveModern(
                    frame,
                    ModernRequest(headers: request.head.headers, message: asked, meta: meta),
                    request,
                    way
                )
            } else {
                serveLegacy(frame, message, request, way)
            }
        case .notification where Self.isModern(version):
            // To honour it would let one host cancel what another asked.
            way.send(.empty(.accepted))
        case .batch where Self.isModern(version), .response where Self.isModern(version),
            .failure where Self.isModern(version):
            way.send(.refusal(.badRequest, "a POST carries one request or notification, and this is neither"))
        default: serveLegacy(frame, message, request, way)
        }
    }

    /// Whether a request without envelope is of the modern era by its head; who has a session is not.
    private func isModern(_ version: String?, _ request: HTTPRequest) -> Bool {
        guard let version else { return false }
        guard let revision = Revision(wireName: version) else { return request.field(FieldName.session) == nil }
        return revision.era == .modern
    }

    // MARK: - The modern era

    private func serveModern(_ frame: Frame, _ modern: ModernRequest, _ request: HTTPRequest, _ way: ResponseWriter) {
        // What is sent before the answer goes by the way of the request; nothing else can be said to the host.
        let conversation = makeConversation(HostLink(principal: request.visitor.principal, span: .request) { _ in })
        let id = modern.message.id
        if let error = modern.refusal(mirrored: conversation.mirroredArguments) {
            return way.send(.error(.modern(error.code), error, id: id))
        }
        let exchange = ModernExchange(
            id,
            way,
            Acceptance(request.head.headers),
            conversation: conversation,
            streams: streams,
            endings: endings
        )
        way.belong(to: exchange)
        conversation.received(frame) { exchange.take($0) }
    }
}
