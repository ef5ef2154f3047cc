import JSON
import JSONRPC
import MCP

/// The `_meta` of a stateless request, which identifies the caller, the revision and the client's capabilities.
///
/// Source: 2026-07-28, basic protocol, "_meta", and "Versioning".
enum StatelessEnvelope {
    /// Reads the caller of a request.
    ///
    /// - Throws: the specified error if the envelope is incomplete or of an unsupported revision.
    static func caller(_ meta: RequestMeta, _ logging: LoggingSupport) throws(RPCError) -> Caller {
        let version = try required(.protocolVersion, in: meta).string
        guard let version else { throw .invalidParams("`_meta[\"\(MetaKey.protocolVersion)\"]` must be a string") }
        guard let revision = Revision(wireName: version), revision.era == .modern else {
            throw unsupported(version)
        }
        let capabilities = try required(.clientCapabilities, in: meta).object
        guard let capabilities else {
            throw .invalidParams("`_meta[\"\(MetaKey.clientCapabilities)\"]` must be an object")
        }
        if meta.json[MetaKey.logLevel.rawValue] != nil, meta.logLevel == nil {
            throw .invalidParams("`_meta[\"\(MetaKey.logLevel)\"]` must be one of \(LogLevel.list)")
        }
        return Caller(
            revision: revision,
            info: meta.clientInfo,
            capabilities: ClientCapabilities(json: capabilities),
            logLevel: logging.includes(revision) ? meta.logLevel : nil
        )
    }

    private static func required(_ key: MetaKey, in meta: RequestMeta) throws(RPCError) -> JSONValue {
        guard let value = meta.json[key.rawValue] else {
            throw .invalidParams("missing `_meta[\"\(key)\"]`, which every stateless request must have")
        }
        return value
    }

    private static func unsupported(_ version: String) -> RPCError {
        var error = RPCError.unsupportedProtocolVersion(requested: version, supported: Revision.supportedVersions)
        if Revision(wireName: version) != nil { error.message += " in a stateless request; send initialize to use it" }
        return error
    }
}
