public import MCP

/// Who sent a request, and what was agreed with it: for a session in the legacy era, for one request in the modern one.
public struct Caller: Sendable {
    /// The revision of the protocol.
    public let revision: Revision
    /// The program, if it said so; for display and logs only.
    public let info: Implementation?
    /// What it can do for the server.
    public let capabilities: ClientCapabilities
    /// From which level on it wants log messages; nothing means none.
    public let logLevel: LogLevel?

    /// Somebody with whom nothing was agreed yet.
    static let unknown = Caller(revision: .latestLegacy, info: nil, capabilities: ClientCapabilities(), logLevel: nil)
}
