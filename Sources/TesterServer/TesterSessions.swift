import MCP
import MCPServer
import MCPTransport
import Synchronization
public import Tester

/// The sessions of the engine, one per owner, and the directory of their connections.
///
/// Connections end with the conversation that made them. If each request stands for itself, the principal owns them, and
/// they close when idle.
public final class TesterSessions: Sendable {
    /// The default idle timeout of connections that belong to a principal.
    public static let defaultIdleTimeout = Duration.seconds(1800)

    let settings: TesterSettings
    private let clock: any TesterClock
    private let idleLimit: Duration
    private let directory = ConnectionDirectory()
    private let sessions = Mutex<[StateOwner: TesterSession]>([:])

    /// Creates an empty set of sessions.
    public init(settings: TesterSettings, clock: any TesterClock, idleLimit: Duration = defaultIdleTimeout) {
        self.settings = settings
        self.clock = clock
        self.idleLimit = idleLimit
    }

    /// The session of an owner.
    func session(of owner: StateOwner, for principal: Principal) -> TesterSession {
        sessions.withLock { sessions in
            if let session = sessions[owner] { return session }
            var idleLimit: Duration?
            if case .principal = owner { idleLimit = self.idleLimit }
            let session = TesterSession(
                settings: settings,
                clock: clock,
                principal: principal,
                directory: directory,
                idleLimit: idleLimit
            )
            sessions[owner] = session
            return session
        }
    }

    /// Ends the session of an owner.
    func end(_ owner: StateOwner) async {
        await sessions.withLock { $0.removeValue(forKey: owner) }?.close()
    }

    /// Ends all sessions; returns when all targets have ended.
    public func close() async {
        let all = sessions.withLock { sessions in
            defer { sessions = [:] }
            return Array(sessions.values)
        }
        await withDiscardingTaskGroup { group in
            for session in all { group.addTask { await session.close() } }
        }
    }
}
