import AsyncRuntime
public import HostConfiguration
import JSON
public import MCP
public import MCPAuth
public import MCPClient
public import MCPTransport
import Synchronization

/// The engine for one user: connections, and operations on them.
///
/// Connection names are local to a session. By its random id a connection can also be used in other sessions of the
/// same principal that share the directory.
public final class TesterSession: Sendable {
    package let settings: TesterSettings
    package let clock: any TesterClock
    let registry = ConnectionRegistry()
    let directory: ConnectionDirectory
    let principal: Principal
    /// The secrets of the connections, the user's model and the inherited variables.
    package let secrets: SecretStore
    /// The idle timeout of a connection; `nil` if it ends with the session.
    let idleLimit: Duration?
    /// Under what the directory keeps the reports of which the caller has seen only a part.
    let resultOwner: ResultStore.Owner
    /// What has failed so far.
    let failures = FailureLog()
    /// The logins that connecting has begun.
    let logins: PendingLogins
    /// Idle connections that are being closed.
    private let closures = Mutex<[String: Task<Void, Never>]>([:])
    /// What restarts servers whose files change, by the names of connections.
    private let watches = Mutex<[String: Task<Void, Never>]>([:])

    /// Creates a session without connections.
    ///
    /// - Parameters:
    ///   - settings: The settings of all sessions.
    ///   - clock: The source of time.
    ///   - principal: On whose behalf operations are performed.
    ///   - directory: Where connections are found by their ids.
    ///   - idleLimit: The idle timeout of a connection; `nil` if it ends with the session.
    ///   - tokens: The tokens of logins in this session, which are kept nowhere else.
    public init(
        settings: TesterSettings,
        clock: any TesterClock,
        principal: Principal = .local,
        directory: ConnectionDirectory = ConnectionDirectory(),
        idleLimit: Duration? = nil,
        tokens: MemoryTokenStore = MemoryTokenStore()
    ) {
        self.settings = settings
        self.clock = clock
        self.principal = principal
        self.directory = directory
        self.idleLimit = idleLimit
        logins = PendingLogins(store: tokens)
        resultOwner = directory.results.addOwner()
        secrets = directory.secrets(of: principal, parent: settings.secrets)
    }

    /// Replaces the secrets that are known now in everything that leaves the session.
    public var redactor: Redactor { secrets.redactor }

    /// The calls that wait for input.
    var pendingCalls: PendingCalls { directory.calls }

    /// The name and version of the tester.
    public var info: Implementation { settings.info }

    /// The default limits.
    public var limits: ConnectionLimits { settings.limits }

    /// What configuration files of hosts refer to.
    public func surroundings() -> HostSurroundings { settings.surroundings() }

    /// How much of a report is shown by default.
    public var view: ReportView { settings.view }

    /// The connections of the session, oldest first.
    public var connections: [Connection] { registry.all }

    /// Closes all connections at once; returns when their targets have ended.
    public func close() async {
        let watches = watches.withLock { watches in
            defer { watches = [:] }
            return Array(watches.values)
        }
        for watch in watches { watch.cancel() }
        for watch in watches { await watch.value }
        await logins.close()
        await withDiscardingTaskGroup { group in
            for connection in registry.all {
                group.addTask { [self] in
                    await end(connection, in: registry, because: "its session ended")
                }
            }
        }
        for closure in closures.withLock({ Array($0.values) }) { await closure.value }
        directory.results.removeAll(of: resultOwner)
    }

    /// Removes and closes a connection.
    ///
    /// - Parameter reason: Why, as a clause after "because".
    /// - Returns: How it ended; `nil` if it was removed before.
    @discardableResult
    func end(
        _ connection: Connection,
        in home: ConnectionRegistry,
        because reason: String
    ) async -> TransportEnd? {
        guard home.remove(connection) else { return nil }
        setWatch(nil, for: connection.name)
        return await close(connection, because: reason)
    }

    /// Closes a connection that was removed from its registry.
    @discardableResult
    func close(_ connection: Connection, because reason: String) async -> TransportEnd {
        connection.idleWatch?.stop()
        directory.remove(connection, because: reason)
        directory.results.removeAll(about: connection.id)
        let end = await connection.client.close()
        settings.metrics?.closed(connection)
        // Its calls end with it, and report that.
        for call in connection.inbox.calls {
            call.cancelInput()
            await call.ended()
        }
        return end
    }

    /// A session of the same principal, with the tokens of this one and no connections.
    ///
    /// The caller closes it.
    ///
    /// - Parameter others: Its settings; `nil` for those of this session.
    package func sibling(settings others: TesterSettings? = nil) -> TesterSession {
        TesterSession(settings: others ?? settings, clock: clock, principal: principal, tokens: logins.store)
    }

    /// Sets what restarts the server of a connection, and ends what did before.
    func setWatch(_ watch: Task<Void, Never>?, for name: String) {
        watches.withLock { watches in
            let former = watches[name]
            watches[name] = watch
            return former
        }?.cancel()
    }

    /// Closes an idle connection; ``close()`` waits for that.
    func endIdle(_ id: String) {
        guard let connection = registry.all.first(where: { $0.id == id }) else { return }
        let reason = "it was idle for \(idleLimit?.seconds ?? "")"
        registry.noteIdleEnd(of: connection, because: reason)
        // Created under the lock, so that it is stored before it can finish.
        closures.withLock { closures in
            closures[id] = Task { [self] in
                await end(connection, in: registry, because: reason)
                self.closures.withLock { $0[id] = nil }
            }
        }
    }
}

/// The settings of all sessions.
public struct TesterSettings: Sendable {
    /// The name and version that the client sends to targets.
    public var info: Implementation
    /// The default limits.
    public var limits: ConnectionLimits
    /// The default era.
    public var era: EraChoice
    /// The maximum number of connections of a session.
    public var maxConnections: Int
    /// How much of a report is shown.
    public var view: ReportView
    /// The bearer token for URLs without any credentials.
    public var defaultToken: String?
    /// The model that responds to sampling requests if a policy says so.
    public var model: ModelSettings
    /// How long an input request waits for the user.
    public var inputTimeout = Duration.seconds(600)
    /// Where calls resume after waiting if their transport has no preference; best the executor that serves the host.
    public var executor: (any TaskExecutor)?
    /// Whether an endpoint is looked for at the usual paths of a server that answers 404.
    public var looksAtUsualPlaces = false
    /// What the paths and variables of hosts' configuration files refer to; asked only when those files are read.
    public var surroundings: @Sendable () -> HostSurroundings = { .process }
    /// Receives every event of every connection when it comes, on any thread; it must not wait.
    public var onEvent: (@Sendable (EventLog.Entry) -> Void)?
    /// Receives the report on each restart that changed files caused, why, and the connection after it.
    public var onRestart: (@Sendable (_ cause: String, _ report: Report, _ connection: Connection?) -> Void)?
    /// The secrets of all sessions, from which log lines are cleaned.
    public var secrets = SecretStore()
    /// What is measured; nil if nothing is.
    public var metrics: TesterMetrics?
    /// How tokens are got for URLs without credentials; `nil` to use none.
    public var authorization: TargetAuthorization?
    /// Creates the transport to a target.
    public var makeTransport: @Sendable (Target) -> any ClientTransport

    /// The default for ``maxConnections``.
    public static let defaultMaxConnections = 64

    /// Creates settings.
    public init(
        info: Implementation,
        limits: ConnectionLimits = ConnectionLimits(),
        era: EraChoice = .auto,
        maxConnections: Int = defaultMaxConnections,
        view: ReportView = ReportView(),
        defaultToken: String? = nil,
        model: ModelSettings = ModelSettings(),
        makeTransport: @escaping @Sendable (Target) -> any ClientTransport
    ) {
        self.info = info
        self.limits = limits
        self.era = era
        self.maxConnections = maxConnections
        self.view = view
        self.defaultToken = defaultToken
        self.model = model
        self.makeTransport = makeTransport
    }
}
