/// Whether calls of a tool can become tasks.
///
/// Source: 2025-11-25, "Tasks", tool-level negotiation; extension `io.modelcontextprotocol/tasks`.
public enum TaskSupport: Sendable, Hashable {
    /// They are always answered at once.
    case forbidden
    /// They become tasks where the client knows tasks, and are answered when they are done where not.
    case optional
    /// They are served only to clients that know tasks.
    case required
}

/// How a server keeps its tasks.
public struct TaskTerms: Sendable, Hashable {
    /// How long a task is kept from its creation, whether it is done or not, if its client does not say.
    public var lifetime: Duration
    /// How long at most a client can have a task kept.
    public var longestLifetime: Duration
    /// How often clients are to look how a task stands.
    public var pollInterval: Duration
    /// How many tasks one client can have at once.
    public var limit: Int

    /// Creates terms.
    public init(
        lifetime: Duration = .seconds(300),
        longestLifetime: Duration = .seconds(3600),
        pollInterval: Duration = .milliseconds(500),
        limit: Int = 256
    ) {
        self.lifetime = lifetime
        self.longestLifetime = longestLifetime
        self.pollInterval = pollInterval
        self.limit = limit
    }
}
