import JSON
public import MCP
public import MCPClient
public import MCPTransport

/// The engine as one user sees it: its connections and the questions that can be put to them.
///
/// Sessions share nothing: what one connects to, another cannot reach.
public final class TesterSession: Sendable {
    let settings: TesterSettings
    let clock: any TesterClock
    let registry = ConnectionRegistry()

    /// Creates a session without connections.
    public init(settings: TesterSettings, clock: any TesterClock) {
        self.settings = settings
        self.clock = clock
    }

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
                    _ = registry.remove(connection.name)
                    await connection.client.close()
                }
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
    /// How much of a payload the text of an answer holds.
    public var budget: Budget
    /// Makes the way to a target.
    public var makeTransport: @Sendable (Target) -> any ClientTransport

    /// Creates settings.
    public init(
        info: Implementation,
        limits: ConnectionLimits = ConnectionLimits(),
        era: EraChoice = .auto,
        budget: Budget = Budget(),
        makeTransport: @escaping @Sendable (Target) -> any ClientTransport
    ) {
        self.info = info
        self.limits = limits
        self.era = era
        self.budget = budget
        self.makeTransport = makeTransport
    }
}
