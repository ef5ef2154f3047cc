import JSONRPC
import MCPHTTP
import MCPTransport
import NIOHTTP1
import Synchronization

/// HTTP+SSE of the first revision: a stream for all that the server says, and a path where the host posts what it says.
///
/// The stream is the session: with it all ends.
/// Source: 2024-11-05, "Transports", "HTTP with SSE".
final class EventStreamEndpoint: Endpoint {
    static let methods = "GET, POST"

    private let path: String
    private let messages: String
    private let streams: Quota
    private let sessionQuota: Quota
    private let endings: ShutdownTasks
    private let makeConversation: MakeConversation
    private let hosts = Mutex<[String: EventStreamHost]>([:])

    init(_ options: HTTPServerOptions, _ endings: ShutdownTasks, _ makeConversation: @escaping MakeConversation) {
        path = options.path
        messages = Self.sibling(of: options.path, named: "messages")
        streams = Quota(options.limits.streams)
        sessionQuota = Quota(options.limits.sessions)
        self.endings = endings
        self.makeConversation = makeConversation
    }

    private static func sibling(of path: String, named name: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "/\(name)" }
        return path[...slash] + name
    }

    func refusal(of head: HTTPRequestHead) -> HTTPResponse? {
        switch (head.path, head.method) {
        case (path[...], .GET), (messages[...], .POST): nil
        case (path[...], let method):
            .refusal(.methodNotAllowed, "\(method) is not for the stream of events", fields: [("Allow", "GET")])
        case (messages[...], let method):
            .refusal(.methodNotAllowed, "\(method) is not for messages", fields: [("Allow", "POST")])
        default: .refusal(.notFound, "there is nothing at \(head.path); this server speaks MCP at \(path)")
        }
    }

    func serve(_ request: HTTPRequest, _ way: ResponseWriter) {
        if request.head.method == .GET { open(request, way) } else { post(request, way) }
    }

    private func open(_ request: HTTPRequest, _ way: ResponseWriter) {
        guard let lease = streams.take(), let session = sessionQuota.take() else {
            let reason = "too many streams of events are open; try again later"
            return way.send(.refusal(.serviceUnavailable, reason, fields: [("Retry-After", "5")]))
        }
        let id = SessionTable.unguessable()
        let host = EventStreamHost(way, principal: request.visitor.principal, endings) { [weak self] in self?.end(id) }
        way.belong(to: host, holding: lease)
        way.belong(to: nil, holding: session)
        way.putBeginning()
        way.put(event: EventStreamWriter.event(type: "endpoint", data: Array("\(messages)?session=\(id)".utf8)))
        host.begin(makeConversation)
        hosts.withLock { $0[id] = host }
        way.flush()
    }

    private func post(_ request: HTTPRequest, _ way: ResponseWriter) {
        guard let id = request.parameter("session") else {
            return way.send(
                .refusal(.badRequest, "the parameter \"session\" is missing: post to what the event \"endpoint\" says")
            )
        }
        guard let host = hosts.withLock({ $0[String(id)] }), host.principal == request.visitor.principal,
            let conversation = host.conversation
        else { return way.send(.refusal(.notFound, "there is no such session, or none any more")) }
        let frame = Frame(received: request.body)
        if case .noise(let error) = frame.content {
            return way.send(.error(.badRequest, .parseError("\(error)")))
        }
        way.send(
            HTTPResponse(status: .accepted, fields: [("Content-Type", "text/plain")], body: Array("Accepted".utf8))
        )
        conversation.received(frame, reply: nil)
    }

    private func end(_ id: String) {
        guard let host = hosts.withLock({ $0.removeValue(forKey: id) }) else { return }
        if let conversation = host.end() { endings.add(conversation) }
    }

    func endConversations() {
        for id in hosts.withLock({ Array($0.keys) }) { end(id) }
    }
}

/// A host at the end of its stream.
private final class EventStreamHost: ResponseWriterDelegate {
    let principal: Principal

    private let way: ResponseWriter
    private let endings: ShutdownTasks
    private let onEnd: @Sendable () -> Void
    private let state = Mutex<(any ServerConversation)?>(nil)

    init(
        _ way: ResponseWriter,
        principal: Principal,
        _ endings: ShutdownTasks,
        onEnd: @escaping @Sendable () -> Void
    ) {
        self.way = way
        self.endings = endings
        self.principal = principal
        self.onEnd = onEnd
    }

    func begin(_ makeConversation: MakeConversation) {
        let way = way
        let link = HostLink(principal: principal, span: .session) { sending in
            guard let bytes = sending.bytes else { return }
            way.put(event: EventStreamWriter.event(type: "message", data: bytes))
            way.flush()
        }
        let conversation = makeConversation(link)
        state.withLock { $0 = conversation }
    }

    var conversation: (any ServerConversation)? {
        state.withLock { $0 }
    }

    /// Ends the stream; gives the conversation back that must be ended too, the first time.
    func end() -> (any ServerConversation)? {
        way.putEnd()
        way.flush()
        return state.withLock { conversation in
            defer { conversation = nil }
            return conversation
        }
    }

    func responseIsIdle() {}

    func connectionClosed() {
        onEnd()
    }

    func responseShouldEnd() {
        endings.add { [self] in
            await conversation?.finish()
            onEnd()
        }
    }

    func responseMustEnd(_ error: RPCError) {
        conversation?.abort(error)
        way.putEnd()
        way.flush()
    }
}
