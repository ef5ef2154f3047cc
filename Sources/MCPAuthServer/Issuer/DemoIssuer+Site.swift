public import AsyncRuntime
public import MCPAuth
import MCPHTTP
public import MCPHTTPServer

extension DemoIssuer {
    /// The scope that the demo server requires.
    public static let scope = "demo:use"

    /// The site of a server that is its own authorization server, on the same origin.
    ///
    /// - Parameters:
    ///   - url: The URL that the server listens at.
    ///   - http: Fetches client ID metadata documents.
    ///   - now: The time in seconds since 1970.
    /// - Throws: ``AuthFailure`` or `HTTPURL.Fault`.
    public static func site(
        at url: String,
        consent: Consent = .automatic,
        requiredScopes: ScopeSet = ScopeSet([scope]),
        faults: Set<AuthFault> = [],
        http: @escaping AuthHTTP,
        clock: any Scheduler,
        now: @escaping @Sendable () -> Int64
    ) throws -> (site: HTTPSite, issuer: DemoIssuer) {
        let issuer = try DemoIssuer(
            Settings(
                issuer: try HTTPURL(url).origin,
                resources: [url],
                scopes: requiredScopes,
                consent: consent,
                faults: faults
            ),
            http: http,
            now: now
        )
        let resource = try ProtectedResource(
            issuer: issuer.settings.issuer,
            requiredScopes: requiredScopes,
            faults: faults
        )
        let keys = KeySet(try issuer.mint.keyDocument())
        let verifier = JWTVerifier(
            resource.rules(at: url, isRevoked: { issuer.isRevoked($0) }),
            keys: keys,
            fetch: { keys.map(Result.success) ?? .failure(.init(reason: "it has none")) },
            clock: clock,
            now: now
        )
        var site = try resource.site(at: url, verifier)
        if let documents = site.pages { site.pages = JoinedPages(one: documents, other: issuer) }
        return (site, issuer)
    }
}

/// The pages of two.
private struct JoinedPages: SitePages {
    let one: any SitePages
    let other: any SitePages

    func contains(_ path: String) -> Bool { one.contains(path) || other.contains(path) }

    func respond(to request: SiteRequest) async -> SiteResponse {
        one.contains(request.path) ? await one.respond(to: request) : await other.respond(to: request)
    }
}
