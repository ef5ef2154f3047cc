import JSON
import JSONRPC
import MCP

/// What `initialize` negotiated for all later requests of a session.
///
/// Source: 2025-11-25, "Lifecycle".
struct LegacySession: Sendable {
    let revision: Revision
    let info: Implementation?
    let capabilities: ClientCapabilities
    /// The minimum log level; `info` until the client sets one.
    var logLevel = LogLevel.info

    /// Accepts a client, in the revision that it requests or else in the newest legacy revision.
    init(_ params: InitializeParams) throws(RPCError) {
        guard let version = params.protocolVersion else { throw .invalidParams("`protocolVersion` must be a string") }
        let requested = Revision(wireName: version)
        revision = requested?.era == .legacy ? requested ?? .latestLegacy : .latestLegacy
        info = params.clientInfo
        capabilities = params.capabilities ?? ClientCapabilities()
    }

    /// The caller of the session's requests.
    func caller(_ logging: LoggingSupport) -> Caller {
        Caller(
            revision: revision,
            info: info,
            capabilities: capabilities,
            logLevel: logging.includes(revision) ? logLevel : nil
        )
    }

    /// The result of `initialize`.
    func result(_ server: Server) -> InitializeResult {
        InitializeResult(
            revision: revision,
            capabilities: server.capabilities(in: revision).trimmed(to: revision),
            serverInfo: server.info,
            instructions: server.instructions
        )
    }

    /// Serves `logging/setLevel`.
    mutating func setLevel(_ params: SetLevelParams) throws(RPCError) {
        guard let level = params.level else { throw .invalidParams("`level` must be one of \(LogLevel.list)") }
        logLevel = level
    }
}

extension LogLevel {
    /// All levels, for error messages.
    static let list = allCases.map(\.rawValue).joined(separator: ", ")
}
