import JSONRPC
import MCPTransport
import TextUtilities

/// The open sessions, by their IDs.
final class SessionTable {
    private let context: ServerContext
    private let makeConversation: MakeConversation
    private let quota: Quota
    private var sessions: [String: HTTPSession] = [:]

    init(_ context: ServerContext, _ makeConversation: @escaping MakeConversation) {
        self.context = context
        self.makeConversation = makeConversation
        quota = Quota(context.options.limits.sessions)
    }

    /// Opens a session, unless there are too many.
    func open(for principal: Principal) -> HTTPSession? {
        guard let permit = quota.acquire() else { return nil }
        let session = HTTPSession(id: randomIdentifier(), principal: principal, permit: permit, context)
        session.start(makeConversation)
        sessions[session.id] = session
        session.onIdle(for: context.options.limits.sessionIdle) { [weak self, weak session] in
            if let session { self?.close(session) }
        }
        return session
    }

    /// The session with an ID, if it belongs to the principal.
    func find(_ id: String, for principal: Principal) -> HTTPSession? {
        guard let session = sessions[id], session.principal == principal || sharesSessions else { return nil }
        session.markUsed()
        return session
    }

    /// Whether the principal of a session is ignored on purpose.
    private var sharesSessions: Bool {
        !context.options.authorizationFaults.isDisjoint(with: [.foreignSession, .sessionAlone])
    }

    func close(_ session: HTTPSession) {
        sessions[session.id] = nil
        if let conversation = session.close() { context.shutdownTasks.cancel(conversation) }
    }

    func closeAll() {
        for session in sessions.values { close(session) }
    }
}
