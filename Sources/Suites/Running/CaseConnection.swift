import AsyncRuntime
import JSON
import MCP
import MCPClient
import Synchronization
import Tester

/// The connection that a case runs on, and what is known about its events.
final class CaseConnection: Sendable {
    let session: TesterSession
    let bell: EventBell
    /// What the tools of the server are kept under.
    let surfaceKey: String
    /// The wording for the reader of the results.
    let wording: Wording
    private let state: Mutex<State>

    private struct State {
        var connection: Connection
        var connectMark: Int
        var mark = 0
        var waitMark = 0
        var wasRestarted = false
    }

    init(
        _ session: TesterSession,
        _ connection: Connection,
        bell: EventBell,
        surfaceKey: String,
        wording: Wording
    ) {
        self.session = session
        self.wording = wording
        self.bell = bell
        self.surfaceKey = surfaceKey
        state = Mutex(State(connection: connection, connectMark: connection.client.link.events.count))
    }

    var connection: Connection { state.withLock { $0.connection } }

    /// The number of the last event that a step has taken into account.
    var mark: Int {
        get { state.withLock { $0.mark } }
        set { state.withLock { $0.mark = newValue } }
    }

    /// The number of the last event when the connection was made.
    ///
    /// What the server wrote to standard error before that does not belong to a step.
    var connectMark: Int { state.withLock { $0.connectMark } }

    /// The number of the last event that a `wait` may not match any more.
    var waitMark: Int {
        get { state.withLock { $0.waitMark } }
        set { state.withLock { $0.waitMark = newValue } }
    }

    /// Whether the server was restarted, so that its tools may be others than those of the run.
    var wasRestarted: Bool { state.withLock { $0.wasRestarted } }

    var client: Client { connection.client }

    /// The requests to several instances; nil if there is only one.
    var turns: [InstanceTurn]? { (client.link.transport as? RoundRobinTransport)?.turns }

    /// Connects to the server of a case.
    ///
    /// - Throws: ``Failure`` if no connection was made.
    static func open(_ suiteCase: SuiteCase, _ settings: RunSettings) async throws(Failure) -> CaseConnection {
        let folder = ServerDefinition.folder(of: suiteCase.file)
        let server = suiteCase.server
        let executable = settings.executable
        let target = try await offLoop { () throws(Failure) in try server.target(in: folder, executable: executable) }
        let bell = EventBell()
        var tester = settings.tester
        tester.onEvent = { _ in bell.ring() }
        if server.instances > 1 {
            let (make, count) = (tester.makeTransport, server.instances)
            tester.makeTransport = { target in RoundRobinTransport((0..<count).map { _ in make(target) }) }
        }
        let session = settings.makeSession(tester, settings.clock)
        var request = TesterSession.ConnectRequest(target: target, era: server.era, policy: suiteCase.client.policy)
        if let timeout = server.connectTimeout {
            var limits = tester.limits
            limits.connect = timeout
            request.limits = limits
        }
        let report = await session.connect(request)
        guard report.failure == nil, let connection = session.connections.last else {
            await session.close()
            throw report.failure
                ?? Failure(.transport, .connectionFailed, "No connection was made.", nextStep: "Run it again.")
        }
        let key = "\(suiteCase.file) \(server.name) \(connection.client.revision.wireName)"
        return CaseConnection(session, connection, bell: bell, surfaceKey: key, wording: settings.wording)
    }

    /// Starts the server again.
    ///
    /// - Throws: ``Failure`` if it does not start.
    func restart() async throws(Failure) {
        let report = await session.restart(TesterSession.RestartRequest())
        if let failure = report.failure { throw failure }
        guard let connection = session.connections.last else { return }
        let mark = connection.client.link.events.count
        state.withLock { $0 = State(connection: connection, connectMark: mark, wasRestarted: true) }
    }

    func close() async { await session.close() }
}

extension ClientDefinition {
    /// What is declared to the server: input only if answers are prepared, roots only if there are any.
    fileprivate var policy: InputPolicy {
        var policy = InputPolicy()
        for kind in [ReceivedInputRequest.Kind.elicitation, .sampling] {
            policy[kind] = answers.isEmpty || undeclared.contains(kind) ? .off : .ask
        }
        policy[.roots] = roots == nil || undeclared.contains(.roots) ? .off : .ask
        policy.givenRoots = roots
        return policy
    }
}
