import JSON
import MCPAuth
import MCPHTTP

/// The protected resource metadata of a server, by the paths at which it is published.
///
/// Source: RFC 9728, sections 2 and 3.1.
struct ResourceDocuments {
    /// The documents, by path.
    let all: [String: [UInt8]]
    /// The URL that challenges name; nil if they name none.
    let challengedURL: String?
    /// The scopes that challenges name.
    let scopes: ScopeSet

    init(server: HTTPURL, resource: String, issuer: String, scopes: ScopeSet, faults: Set<AuthFault>) {
        let own: ScopeSet = faults.contains(.unknownScopes) ? scopes.union(ScopeSet(["demo:unknown"])) : scopes
        var document: JSONObject = [
            "resource": .string(Self.named(resource, server, faults)),
            "authorization_servers": [.string(issuer)], "bearer_methods_supported": ["header"],
        ]
        if !own.isEmpty { document["scopes_supported"] = .array(own.values.map(JSONValue.string)) }
        let bytes = Array(JSONValue.object(document).description.utf8)
        let name = "/.well-known/oauth-protected-resource"
        let path = server.path == "/" ? "" : server.path
        let isMissing = faults.contains(.noResourceMetadata)
        let isMisplaced = faults.contains(.misplacedMetadata)
        if isMissing {
            all = [:]
        } else if isMisplaced {
            all = [path + name: bytes]
        } else {
            all = [name + path: bytes, name: bytes]
        }
        challengedURL = isMissing || isMisplaced ? nil : server.origin + name + path
        self.scopes = own
    }

    private static func named(_ resource: String, _ server: HTTPURL, _ faults: Set<AuthFault>) -> String {
        if faults.contains(.otherResource) { return "https://other.example/mcp" }
        if faults.contains(.resourcePath) { return "\(server.origin)/another\(server.path)" }
        if faults.contains(.trailingSlash) { return resource.hasSuffix("/") ? resource : resource + "/" }
        return resource
    }
}
