public import MCP

/// Receives what a target reports during a call, to relay it to the host.
public struct CallRelay: Sendable {
    /// Receives the parameters of a progress notification.
    public var progress: @Sendable (ProgressParams) -> Void
    /// Receives the parameters of a log message.
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
