import JSON
import JSONRPC
import MCP

/// The `_meta` of a request that stands for itself: who asks, in what revision, and what it can do.
///
/// Source: 2026-07-28, basic protocol, "_meta", and "Versioning".
enum ModernEnvelope {
    /// Who sent a request, as it says itself; nobody gets logs from a server that does not log.
    ///
    /// - Throws: What the specification answers to envelopes that are incomplete or of another revision.
    static func caller(_ meta: RequestMeta, logs: Bool) throws(RPCError) -> Caller {
        let version = try required(.protocolVersion, in: meta).string
        guard let version else { throw .invalidParams("_meta[\"\(MetaKey.protocolVersion)\"] must be a string") }
        guard let revision = Revision(wireName: version), revision.era == .modern else {
            throw .unsupportedProtocolVersion(requested: version, supported: Revision.modern.map(\.wireName))
        }
        let capabilities = try required(.clientCapabilities, in: meta).object
        guard let capabilities else {
            throw .invalidParams("_meta[\"\(MetaKey.clientCapabilities)\"] must be an object")
        }
        if meta.json[MetaKey.logLevel.rawValue] != nil, meta.logLevel == nil {
            let levels = LogLevel.allCases.map(\.rawValue).joined(separator: ", ")
            throw .invalidParams("_meta[\"\(MetaKey.logLevel)\"] must be one of \(levels)")
        }
        return Caller(
            revision: revision,
            info: meta.clientInfo,
            capabilities: ClientCapabilities(json: capabilities),
            logLevel: logs ? meta.logLevel : nil
        )
    }

    private static func required(_ key: MetaKey, in meta: RequestMeta) throws(RPCError) -> JSONValue {
        guard let value = meta.json[key.rawValue] else {
            throw .invalidParams("_meta lacks \"\(key)\", which every request of this revision carries")
        }
        return value
    }
}
