import JSON
import JSONRPC
import MCP
import MCPTransport
import Synchronization

// The session that `initialize` opened.
extension ServerSession {
    var legacy: LegacySession? {
        state.withLock { $0.legacy }
    }

    func initialize(_ request: Message.Request, _ send: Send) throws(RPCError) {
        let params = InitializeParams(json: request.params?.value().object ?? [:])
        let session = try LegacySession(params, kernel.server.logging)
        state.withLock { $0.legacy = session }
        let result = session.result(kernel.server)
        respond(to: request.id, stamp.response(to: request.id, result, in: session.revision), send)
        follow(in: session.revision)
    }

    /// Notifies the host of changes from now on, if the conversation lasts a session.
    private func follow(in revision: Revision) {
        guard host.span == .session else { return }
        let subscriber = LegacySubscriber(session: id, revision: revision, host: host)
        let former = state.withLock { state in
            defer { state.subscriber = subscriber }
            return state.subscriber
        }
        if let former { kernel.bus.remove(former) }
        kernel.bus.add(subscriber)
    }

    func setLevel(_ request: Message.Request, _ send: Send) throws(RPCError) {
        guard var session = legacy else { return }
        try session.setLevel(SetLevelParams(json: request.params?.value().object ?? [:]))
        state.withLock { $0.legacy = session }
        respond(to: request.id, stamp.response(to: request.id, EmptyResult(), in: session.revision), send)
    }

    /// Whether the host can subscribe to single resources.
    var hasSubscriptions: Bool {
        kernel.bus.kinds.contains(.content) && state.withLock { $0.subscriber != nil }
    }

    func subscribe(_ request: Message.Request, _ send: Send) throws(RPCError) {
        let (uri, session) = try subscription(request)
        guard kernel.server.hasResource(uri) else { throw .resourceNotFound(uri, in: session.revision) }
        state.withLock { $0.subscriber }?.subscribe(to: uri)
        respond(to: request.id, stamp.response(to: request.id, EmptyResult(), in: session.revision), send)
    }

    func unsubscribe(_ request: Message.Request, _ send: Send) throws(RPCError) {
        let (uri, session) = try subscription(request)
        state.withLock { $0.subscriber }?.unsubscribe(from: uri)
        respond(to: request.id, stamp.response(to: request.id, EmptyResult(), in: session.revision), send)
    }

    private func subscription(_ request: Message.Request) throws(RPCError) -> (uri: String, LegacySession) {
        let params = ResourceParams(json: request.params?.value().object ?? [:])
        guard let uri = params.uri, let legacy else { throw .invalidParams("\"uri\" must be a string") }
        return (uri, legacy)
    }

    /// The caller of a request without an envelope.
    func legacyCaller(of method: Method) throws(RPCError) -> Caller {
        if let legacy { return legacy.caller }
        if method == .ping { return .unknown }
        let isKnown = Revision.allCases.contains { $0.profile.allows(method, .clientToServer) }
        guard isKnown else { throw .methodNotFound("\(method)") }
        throw .invalidParams(
            "nothing says which revision of the protocol this is: send initialize first, or"
                + " _meta[\"\(MetaKey.protocolVersion)\"] and _meta[\"\(MetaKey.clientCapabilities)\"] with each request"
        )
    }
}
