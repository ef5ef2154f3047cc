public import MCP

/// The sender of a request and what was negotiated with it, for a session or for one stateless request.
public struct Caller: Sendable {
    /// The revision of the protocol.
    public let revision: Revision
    /// The client's name and version, if known; for display and logs only.
    public let info: Implementation?
    /// The client's capabilities.
    public let capabilities: ClientCapabilities
    /// The minimum level of log messages to send; nil sends none.
    public let logLevel: LogLevel?

    /// A client before any negotiation.
    static let unknown = Caller(revision: .latestLegacy, info: nil, capabilities: ClientCapabilities(), logLevel: nil)
}
