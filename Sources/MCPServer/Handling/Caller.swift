public import MCP

/// The sender of a request and what was negotiated with it, for a session or for one stateless request.
///
/// A class, because all requests of a session share it.
public final class Caller: Sendable {
    /// The revision of the protocol.
    public let revision: Revision
    /// The client's name and version, if known; for display and logs only.
    public let info: Implementation?
    /// The client's capabilities.
    public let capabilities: ClientCapabilities
    /// The minimum level of log messages to send; nil sends none.
    public let logLevel: LogLevel?

    init(revision: Revision, info: Implementation?, capabilities: ClientCapabilities, logLevel: LogLevel?) {
        self.revision = revision
        self.info = info
        self.capabilities = capabilities
        self.logLevel = logLevel
    }

    /// A client before any negotiation.
    static let unknown = Caller(revision: .latestLegacy, info: nil, capabilities: ClientCapabilities(), logLevel: nil)
}
