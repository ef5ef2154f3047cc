public import MCP

/// Receives what a target reports during a call, to relay it to the host.
public protocol CallRelay: Sendable {
    /// Relays a progress notification.
    func progress(_ params: ProgressParams)
    /// Relays a log message.
    func log(_ params: LogMessageParams)
}
