public import JSON
import MCPHTTP

/// Protected resource metadata.
///
/// Source: RFC 9728, section 2.
public struct ResourceMetadata: Sendable {
    /// The document as received.
    public let json: JSONObject
    /// The resource that it is for.
    public let resource: ResourceIdentifier
    /// The issuers, as written; at least one.
    public let authorizationServers: [String]
    /// The scopes of the resource; nil if it names none.
    public let scopesSupported: ScopeSet?

    /// Why a document is not used.
    enum Fault: Error {
        /// It is not protected resource metadata.
        case malformed(String)
        /// It is for another resource.
        case mismatch(String)

        var rejection: MetadataSearch.Rejection {
            switch self {
            case .malformed(let reason):
                .init(kind: .malformedResponse, reason: reason, rule: .resourceMetadata, isFinal: false)
            // Another place would only hide that the server names the wrong resource.
            case .mismatch(let reason):
                .init(kind: .resourceMismatch, reason: reason, rule: .resourceMatch, isFinal: true)
            }
        }
    }

    /// Reads a document that was found for a server.
    ///
    /// - Returns: The metadata, and what is wrong with it although it can be used.
    static func read(_ document: JSONObject, for server: HTTPURL) throws(Fault) -> (ResourceMetadata, warning: String?)
    {
        guard let resource = document["resource"] else { throw .malformed("`resource` is missing") }
        guard let name = resource.string else { throw .malformed("`resource` is not a string") }
        var warning: String?
        switch ResourceIdentifier.match(name, server: server) {
        case .same, .parent: break
        case .sameExceptSlash: warning = "resource \"\(name)\" differs from the server's URL by a slash at its end"
        case .other(let reason): throw .mismatch("resource is \"\(name)\", but \(reason)")
        }
        let servers = document["authorization_servers"]?.array?.compactMap(\.string) ?? []
        guard !servers.isEmpty else { throw .malformed("`authorization_servers` is missing or empty") }
        let scopes = document["scopes_supported"]?.array?.compactMap(\.string)
        let metadata = ResourceMetadata(
            json: document,
            resource: ResourceIdentifier(verbatim: name),
            authorizationServers: servers,
            scopesSupported: scopes.map { ScopeSet($0) }
        )
        return (metadata, warning)
    }
}
