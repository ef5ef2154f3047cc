import AsyncRuntime
import JSONRPC
import MCPTransport
import Synchronization

/// The sessions that are open, by their ids.
final class SessionTable: Sendable {
    private let sessions = Mutex<[String: HTTPSession]>([:])
    private let quota: Quota
    private let limits: HTTPServerLimits
    private let scheduler: any Scheduler
    private let endings: ShutdownTasks
    private let makeConversation: MakeConversation

    init(
        _ limits: HTTPServerLimits,
        _ scheduler: any Scheduler,
        _ endings: ShutdownTasks,
        _ makeConversation: @escaping MakeConversation
    ) {
        quota = Quota(limits.sessions)
        self.limits = limits
        self.scheduler = scheduler
        self.endings = endings
        self.makeConversation = makeConversation
    }

    /// Opens a session, unless there are too many.
    func open(for principal: Principal) -> HTTPSession? {
        guard let lease = quota.take() else { return nil }
        let session = HTTPSession(
            id: Self.unguessable(),
            principal: principal,
            lease: lease,
            scheduler: scheduler,
            replayBytes: limits.replayBytes
        )
        session.begin(makeConversation)
        sessions.withLock { $0[session.id] = session }
        session.whenIdle(for: limits.sessionIdle) { [weak self, weak session] in
            if let session { self?.end(session) }
        }
        return session
    }

    /// The session of that id, for those whose it is; to others it is as unknown as one that never was.
    func find(_ id: String, for principal: Principal) -> HTTPSession? {
        guard let session = sessions.withLock({ $0[id] }), session.principal == principal else { return nil }
        session.touch()
        return session
    }

    /// Ends a session.
    func end(_ session: HTTPSession) {
        sessions.withLock { $0[session.id] = nil }
        if let conversation = session.end() { endings.add(conversation) }
    }

    /// Ends all sessions.
    func endAll() {
        for session in all { end(session) }
    }

    private var all: [HTTPSession] {
        sessions.withLock { Array($0.values) }
    }

    /// 128 random bits.
    static func unguessable() -> String {
        var generator = SystemRandomNumberGenerator()
        let digits = (0..<2).map { _ in
            let text = String(generator.next() as UInt64, radix: 16)
            return String(repeating: "0", count: 16 - text.utf8.count) + text
        }
        return digits.joined()
    }
}
