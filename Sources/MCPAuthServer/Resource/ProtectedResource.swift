public import AsyncRuntime
import JSON
public import MCPAuth
public import MCPHTTP
public import MCPHTTPServer

/// A server of ours whose clients need tokens of an issuer: JWTs that it verifies itself.
///
/// Source: 2026-07-28, "Authorization"; RFC 9728; RFC 9068, section 4.
public struct ProtectedResource: Sendable {
    /// The issuer, as its tokens name it.
    public var issuer: String
    /// The URL of the issuer's keys; nil to read it from the metadata of the issuer.
    public var keys: HTTPURL?
    /// The URL of the server, as clients know it; nil if they use the one that it listens at.
    public var resource: String?
    /// The audience that tokens must have; nil for the URL of the server.
    public var audience: String?
    /// The scopes that every request needs.
    public var requiredScopes: ScopeSet
    /// The faults that are injected on purpose.
    public var faults: Set<AuthFault>

    /// Creates a resource.
    ///
    /// - Throws: `HTTPURL.Fault` if the issuer is not a URL.
    public init(
        issuer: String,
        keys: HTTPURL? = nil,
        resource: String? = nil,
        audience: String? = nil,
        requiredScopes: ScopeSet = ScopeSet(),
        faults: Set<AuthFault> = []
    ) throws(HTTPURL.Fault) {
        _ = try HTTPURL(issuer)
        self.issuer = issuer
        self.keys = keys
        self.resource = resource
        self.audience = audience
        self.requiredScopes = requiredScopes
        self.faults = faults
    }

    /// The site of a server that trusts the issuer.
    ///
    /// - Parameters:
    ///   - url: The URL that the server listens at.
    ///   - http: Fetches the keys.
    ///   - now: The time in seconds since 1970.
    public func site(
        at url: String,
        http: @escaping AuthHTTP,
        clock: any Scheduler,
        now: @escaping @Sendable () -> Int64
    ) throws(HTTPURL.Fault) -> HTTPSite {
        let source = try KeySource(issuer: issuer, keys: keys, http: http)
        let verifier = JWTVerifier(rules(at: url), fetch: { await source.fetch() }, clock: clock, now: now)
        return try site(at: url, verifier)
    }

    /// The site of a server with a verifier.
    func site(at url: String, _ verifier: JWTVerifier) throws(HTTPURL.Fault) -> HTTPSite {
        let documents = try ResourceDocuments(
            server: HTTPURL(resource ?? url),
            resource: resource ?? url,
            issuer: issuer,
            scopes: requiredScopes,
            faults: faults
        )
        let authorization = ResourceAuthorization(
            verifier: verifier,
            metadataURL: documents.challengedURL,
            requiredScopes: documents.scopes.values
        )
        let pages = DocumentPages(documents.all, isShared: !faults.contains(.noCORS))
        return HTTPSite(authorization: authorization, pages: pages)
    }

    /// What tokens must fulfill.
    func rules(at url: String, isRevoked: @escaping @Sendable (String) -> Bool = { _ in false }) -> TokenRules {
        TokenRules(
            issuer: issuer,
            audiences: [audience ?? resource ?? url],
            requiredScopes: requiredScopes,
            isRevoked: isRevoked,
            omitted: faults.omittedChecks
        )
    }
}
