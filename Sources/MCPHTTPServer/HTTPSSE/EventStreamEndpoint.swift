import JSONRPC
import MCPHTTP
import MCPTransport
import NIOHTTP1
import TextUtilities

/// HTTP+SSE of the first revision: an event stream for all that the server sends, and a path to which the host posts its messages.
///
/// A session lasts as long as its stream.
/// Source: 2024-11-05, "Transports", "HTTP with SSE".
final class EventStreamEndpoint: Endpoint {
    static let methods = "GET, POST"

    private let context: ServerContext
    private let makeConversation: MakeConversation
    private let path: String
    private let messagePath: String
    private let sessionQuota: Quota
    private var sessions: [String: EventStreamSession] = [:]

    init(_ context: ServerContext, _ makeConversation: @escaping MakeConversation) {
        self.context = context
        self.makeConversation = makeConversation
        path = context.options.path
        messagePath = Self.sibling(of: path, named: "messages")
        sessionQuota = Quota(context.options.limits.sessions)
    }

    private static func sibling(of path: String, named name: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "/\(name)" }
        return path[...slash] + name
    }

    func refusal(of head: HTTPRequestHead) -> HTTPResponse? {
        switch (head.path, head.method) {
        case (path[...], .GET), (messagePath[...], .POST): nil
        case (path[...], let method):
            .refusal(.methodNotAllowed, "the event stream does not support \(method)", fields: [("Allow", "GET")])
        case (messagePath[...], let method):
            .refusal(.methodNotAllowed, "the message path does not support \(method)", fields: [("Allow", "POST")])
        default: .refusal(.notFound, "there is nothing at \(head.path); the MCP event stream is \(path)")
        }
    }

    func serve(_ request: HTTPRequest, _ writer: ResponseWriter) {
        if request.head.method == .GET { openSession(request, writer) } else { servePost(request, writer) }
    }

    private func openSession(_ request: HTTPRequest, _ writer: ResponseWriter) {
        guard let streamPermit = context.streams.acquire(), let sessionPermit = sessionQuota.acquire() else {
            return writer.send(.overloaded("too many event streams are open", retryAfter: 5))
        }
        let id = randomIdentifier()
        let session = EventStreamSession(writer, principal: request.client.principal, context) { [weak self] in
            self?.close(id)
        }
        writer.setDelegate(session)
        writer.hold(streamPermit)
        writer.hold(sessionPermit)
        writer.putStreamHead()
        let data = Array("\(messagePath)?session=\(id)".utf8)
        writer.put(event: EventStreamWriter.event(type: "endpoint", data: data))
        session.start(makeConversation)
        sessions[id] = session
        writer.flush()
    }

    private func servePost(_ request: HTTPRequest, _ writer: ResponseWriter) {
        guard let id = request.parameter("session") else {
            let reason = "missing parameter session: post to the URL of the event \"endpoint\""
            return writer.send(.refusal(.badRequest, reason))
        }
        guard let session = sessions[String(id)], session.principal == request.client.principal, session.isOpen else {
            return writer.send(.refusal(.notFound, "unknown or closed session: open a new event stream at \(path)"))
        }
        let frame = Frame(received: request.body)
        if case .noise(let error) = frame.content {
            return writer.send(.error(.badRequest, .parseError("\(error)")))
        }
        let fields = [("Content-Type", "text/plain")]
        writer.send(HTTPResponse(status: .accepted, fields: fields, body: Array("Accepted".utf8)))
        session.receive(frame, request.share)
    }

    private func close(_ id: String) {
        guard let conversation = sessions.removeValue(forKey: id)?.close() else { return }
        context.shutdownTasks.cancel(conversation)
    }

    func closeConversations() {
        for id in sessions.keys { close(id) }
    }
}
