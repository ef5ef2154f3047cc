import JSON
import JSONRPC
import MCP

/// What `initialize` negotiated for all later requests of a session.
///
/// Source: 2025-11-25, "Lifecycle".
struct LegacySession: Sendable {
    /// The caller of the session's requests.
    private(set) var caller: Caller

    /// Accepts a client, in the revision that it requests or else in the newest legacy revision.
    ///
    /// The minimum log level is `info` until the client sets one.
    init(_ params: InitializeParams, _ logging: LoggingSupport) throws(RPCError) {
        guard let version = params.protocolVersion else { throw .invalidParams("`protocolVersion` must be a string") }
        let requested = Revision(wireName: version)
        let revision = requested?.era == .legacy ? requested ?? .latestLegacy : .latestLegacy
        caller = Caller(
            revision: revision,
            info: params.clientInfo,
            capabilities: params.capabilities ?? ClientCapabilities(),
            logLevel: logging.includes(revision) ? .info : nil
        )
    }

    var revision: Revision { caller.revision }

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
        caller = Caller(
            revision: caller.revision,
            info: caller.info,
            capabilities: caller.capabilities,
            logLevel: caller.logLevel == nil ? nil : level
        )
    }
}

extension LogLevel {
    /// All levels, for error messages.
    static let list = allCases.map(\.rawValue).joined(separator: ", ")
}
