public import MCP

/// Takes what a target tells while a call runs, for a host that wants to know.
public struct CallRelay: Sendable {
    /// Takes the parameters of a progress notification.
    public var progress: @Sendable (ProgressParams) -> Void
    /// Takes the parameters of a log message.
    public var log: @Sendable (LogMessageParams) -> Void

    /// Creates a relay.
    public init(
        progress: @escaping @Sendable (ProgressParams) -> Void,
        log: @escaping @Sendable (LogMessageParams) -> Void
    ) {
        self.progress = progress
        self.log = log
    }
}
