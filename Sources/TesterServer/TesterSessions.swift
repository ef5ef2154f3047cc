import MCP
import MCPServer
import MCPTransport
import Synchronization
public import Tester

/// The sessions of the engine, one for each owner, and the directory by which they reach each other's connections.
///
/// What a conversation with a host makes ends with it. Where each request stands for itself its principal is the owner,
/// and what it makes ends when it lies unused.
public final class TesterSessions: Sendable {
    /// How long a connection that no conversation owns may lie unused, unless something else is said.
    public static let defaultIdleTimeout = Duration.seconds(1800)

    let settings: TesterSettings
    private let clock: any TesterClock
    private let idleLimit: Duration
    private let directory = ConnectionDirectory()
    private let sessions = Mutex<[StateOwner: TesterSession]>([:])

    /// Creates them; there are none yet.
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

    /// Ends what an owner has.
    func end(_ owner: StateOwner) async {
        await sessions.withLock { $0.removeValue(forKey: owner) }?.close()
    }

    /// Ends everything; returns when all targets have ended.
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
