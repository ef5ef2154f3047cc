import JSON
import JSONRPC
import MCP

/// What `initialize` agreed upon, for all requests that follow on the same conversation.
///
/// Source: 2025-11-25, "Lifecycle".
struct LegacySession: Sendable {
    let revision: Revision
    let info: Implementation?
    let capabilities: ClientCapabilities
    /// Before the client chooses, the server may; this is what most people want to see.
    var logLevel = LogLevel.info

    /// Accepts a client: in the revision it asks for, else in the newest that has sessions.
    init(_ params: InitializeParams) throws(RPCError) {
        guard let version = params.protocolVersion else {
            throw .invalidParams("\"protocolVersion\" must be a string")
        }
        let asked = Revision(wireName: version)
        revision = asked?.era == .legacy ? asked ?? .latestLegacy : .latestLegacy
        info = params.clientInfo
        capabilities = params.capabilities ?? ClientCapabilities()
    }

    /// Who sends the requests of the session; nobody gets logs from a server that does not log.
    func caller(logs: Bool) -> Caller {
        Caller(revision: revision, info: info, capabilities: capabilities, logLevel: logs ? logLevel : nil)
    }

    /// What the server answers to being opened.
    func result(_ server: Server) -> InitializeResult {
        InitializeResult(
            revision: revision,
            capabilities: server.capabilities.trimmed(to: revision),
            serverInfo: server.info,
            instructions: server.instructions
        )
    }

    /// Carries out `logging/setLevel`.
    mutating func setLevel(_ params: SetLevelParams) throws(RPCError) {
        guard let level = params.level else {
            let levels = LogLevel.allCases.map(\.rawValue).joined(separator: ", ")
            throw .invalidParams("\"level\" must be one of \(levels)")
        }
        logLevel = level
    }
}
