/// Whether calls of a tool can become tasks.
///
/// Source: 2025-11-25, "Tasks", tool-level negotiation; extension `io.modelcontextprotocol/tasks`.
public enum TaskSupport: Sendable, Hashable {
    /// Calls never become tasks.
    case forbidden
    /// Calls become tasks if the client supports tasks. Other clients wait for the result.
    case optional
    /// Only clients that support tasks can call the tool.
    case required
}

/// How a server keeps its tasks.
public struct TaskSettings: Sendable, Hashable {
    /// The lifetime of a task from its creation, if its client does not request one.
    public var lifetime: Duration
    /// The longest lifetime that a client can request.
    public var maximumLifetime: Duration
    /// The polling interval that is recommended to clients.
    public var pollInterval: Duration
    /// The maximum number of tasks per client.
    public var limit: Int

    /// Creates settings.
    public init(
        lifetime: Duration = .seconds(300),
        maximumLifetime: Duration = .seconds(3600),
        pollInterval: Duration = .milliseconds(500),
        limit: Int = 256
    ) {
        self.lifetime = lifetime
        self.maximumLifetime = maximumLifetime
        self.pollInterval = pollInterval
        self.limit = limit
    }
}
