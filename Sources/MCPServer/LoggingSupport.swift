public import MCP

/// The clients that receive log messages of a server's handlers.
public enum LoggingSupport: Sendable, Hashable {
    /// No client.
    case never
    /// Clients with a session. 2026-07-28 deprecates logging, so stateless clients receive no messages.
    case legacyOnly
    /// All clients; stateless ones if their request sets a level.
    case always

    /// Whether clients of a revision receive messages.
    public func includes(_ revision: Revision) -> Bool {
        switch self {
        case .never: false
        case .legacyOnly: revision.has(.sessionLogLevel)
        case .always: true
        }
    }
}
