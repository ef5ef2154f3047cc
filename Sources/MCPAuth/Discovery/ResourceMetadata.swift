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
        /// It names no authorization server.
        case noAuthorizationServer
        /// It is for another resource.
        case mismatch(String, expected: String)

        var rejection: MetadataSearch.Rejection {
            switch self {
            case .malformed(let reason):
                .init(kind: .malformedResponse, reason: reason, rule: .resourceMetadata, isFinal: false)
            case .noAuthorizationServer:
                .init(
                    kind: .malformedResponse,
                    reason: "`authorization_servers` is missing or empty",
                    rule: .resourceMetadata,
                    isFinal: false,
                    problem: .noAuthorizationServer,
                    advice: "Name the issuer of the authorization server in authorization_servers."
                )
            // Another place would only hide that the server names the wrong resource.
            case .mismatch(let reason, let expected):
                .init(
                    kind: .resourceMismatch,
                    reason: reason,
                    rule: .resourceMatch,
                    isFinal: true,
                    problem: .resourceMismatch,
                    advice: "Set resource to \"\(expected)\"."
                )
            }
        }
    }

    /// Reads a document that was found for a server.
    ///
    /// - Returns: The metadata, and what is wrong with it although it can be used.
    static func read(
        _ document: JSONObject,
        for server: HTTPURL
    ) throws(Fault) -> (ResourceMetadata, remark: MetadataSearch.Remark?) {
        guard let resource = document["resource"] else { throw .malformed("`resource` is missing") }
        guard let name = resource.string else { throw .malformed("`resource` is not a string") }
        var remark: MetadataSearch.Remark?
        let expected = ResourceIdentifier(server: server).text
        switch ResourceIdentifier.match(name, server: server) {
        case .same, .parent: break
        case .sameExceptSlash:
            remark = MetadataSearch.Remark(
                text: "resource \"\(name)\" differs from the server's URL by a slash at its end",
                problem: .trailingSlash,
                rule: .resourceMatch,
                advice: "Set resource to \"\(expected)\": some clients compare it with the URL as it is."
            )
        case .other(let reason): throw .mismatch("resource is \"\(name)\", but \(reason)", expected: expected)
        }
        let servers = document["authorization_servers"]?.array?.compactMap(\.string) ?? []
        guard !servers.isEmpty else { throw .noAuthorizationServer }
        let scopes = document["scopes_supported"]?.array?.compactMap(\.string)
        let metadata = ResourceMetadata(
            json: document,
            resource: ResourceIdentifier(verbatim: name),
            authorizationServers: servers,
            scopesSupported: scopes.map { ScopeSet($0) }
        )
        return (metadata, remark)
    }
}
