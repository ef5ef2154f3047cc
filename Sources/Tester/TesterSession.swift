import AsyncRuntime
import JSON
public import MCP
public import MCPClient
public import MCPTransport
import Synchronization

/// The engine as one user sees it: its connections and the questions that can be put to them.
///
/// Sessions share nothing: what one connects to, another cannot reach by its name. By its id, which nobody can guess, it
/// can where both are of the same principal and have a directory in common.
public final class TesterSession: Sendable {
    let settings: TesterSettings
    let clock: any TesterClock
    let registry = ConnectionRegistry()
    let directory: ConnectionDirectory
    let principal: Principal
    /// How long a connection may lie unused; nothing where it ends with the session.
    let idleLimit: Duration?
    private let endings = Mutex<[String: Task<Void, Never>]>([:])

    /// Creates a session without connections.
    ///
    /// - Parameters:
    ///   - settings: What all sessions have in common.
    ///   - clock: The time.
    ///   - principal: On whose behalf questions are put.
    ///   - directory: Where connections are found by their ids.
    ///   - idleLimit: How long a connection may lie unused; nothing where it ends with the session.
    public init(
        settings: TesterSettings,
        clock: any TesterClock,
        principal: Principal = .local,
        directory: ConnectionDirectory = ConnectionDirectory(),
        idleLimit: Duration? = nil
    ) {
        self.settings = settings
        self.clock = clock
        self.principal = principal
        self.directory = directory
        self.idleLimit = idleLimit
    }

    /// The calls that wait for answers of the user.
    var pendingCalls: PendingCalls { directory.calls }

    /// Who we say we are.
    public var info: Implementation { settings.info }

    /// How long to wait for what, unless a question says otherwise.
    public var limits: ConnectionLimits { settings.limits }

    /// The connections of the session, in the order in which they were made.
    public var connections: [Connection] { registry.all }

    /// Ends all connections at once; returns when their targets have ended.
    public func close() async {
        await withDiscardingTaskGroup { group in
            for connection in registry.all {
                group.addTask { [self] in
                    await end(connection, in: registry, because: "the session that made it ended")
                }
            }
        }
        for ending in endings.withLock({ Array($0.values) }) { await ending.value }
    }

    /// Takes a connection out of where it is known, and ends it.
    ///
    /// - Returns: How it ended; nothing if somebody else did that already.
    @discardableResult
    func end(
        _ connection: Connection,
        in home: ConnectionRegistry,
        because reason: String
    ) async -> TransportEnd? {
        guard home.remove(connection) else { return nil }
        connection.idleWatch?.stop()
        directory.remove(connection, because: reason)
        let end = await connection.client.close()
        // What was called ends with its connection; whoever asks for it is told how.
        for call in connection.inbox.calls {
            call.cancelInput()
            await call.ended()
        }
        return end
    }

    /// Ends a connection that nobody uses; the session waits for that when it closes.
    func endIdle(_ id: String) {
        guard let connection = registry.all.first(where: { $0.id == id }) else { return }
        let reason = "it was not used for \(idleLimit?.seconds ?? "")"
        registry.noteIdleEnd(of: connection, because: reason)
        // Made under the lock, so that it is known before it can be done.
        endings.withLock { endings in
            endings[id] = Task { [self] in
                await end(connection, in: registry, because: reason)
                self.endings.withLock { $0[id] = nil }
            }
        }
    }
}

/// What all sessions of a tester have in common.
public struct TesterSettings: Sendable {
    /// Who we say we are to targets.
    public var info: Implementation
    /// How long to wait for what, unless a question says otherwise.
    public var limits: ConnectionLimits
    /// Which era to speak, unless a question says otherwise.
    public var era: EraChoice
    /// How many connections a session can have at once.
    public var maxConnections: Int
    /// How much of a payload the text of an answer holds.
    public var budget: Budget
    /// The bearer token for targets that are reached by a URL without any credentials of their own.
    public var defaultToken: String?
    /// The model that answers targets where a policy says so.
    public var model: ModelSettings
    /// How long a question of a target waits for the user.
    public var inputTimeout = Duration.seconds(600)
    /// Where calls go on after they have waited, if their transport has no preference: best where their hosts are served.
    public var executor: (any TaskExecutor)?
    /// Makes the way to a target.
    public var makeTransport: @Sendable (Target) -> any ClientTransport

    /// How many connections a session can have at once, unless something else is said.
    public static let defaultMaxConnections = 64

    /// Creates settings.
    public init(
        info: Implementation,
        limits: ConnectionLimits = ConnectionLimits(),
        era: EraChoice = .auto,
        maxConnections: Int = defaultMaxConnections,
        budget: Budget = Budget(),
        defaultToken: String? = nil,
        model: ModelSettings = ModelSettings(),
        makeTransport: @escaping @Sendable (Target) -> any ClientTransport
    ) {
        self.info = info
        self.limits = limits
        self.era = era
        self.maxConnections = maxConnections
        self.budget = budget
        self.defaultToken = defaultToken
        self.model = model
        self.makeTransport = makeTransport
    }
}
