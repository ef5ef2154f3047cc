import ArgumentParser
import MCPAuth
import MCPAuthServer
import MCPHTTP
import MCPHTTPClient
import MCPHTTPServer
import Platform
import Tester

/// The options for a server of ours that accepts the JWTs of an issuer.
struct ResourceOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Issuer whose JWTs clients must send. Its keys are read from its metadata.",
            valueName: "url"
        )
    )
    var authIssuer: String?

    @Option(help: ArgumentHelp("URL of the issuer's keys, instead of its metadata.", valueName: "url"))
    var authJwks: String?

    @Option(
        help: ArgumentHelp("Audience that the JWTs must have (default: the URL of this server).", valueName: "text")
    )
    var authAudience: String?

    @Option(
        help: ArgumentHelp(
            "URL of this server as clients know it (default: the address that it listens on).",
            valueName: "url"
        )
    )
    var authResource: String?

    @Option(help: ArgumentHelp("Scope that every request needs. Repeatable.", valueName: "scope"))
    var authRequiredScope: [String] = []

    /// The given options.
    var given: [(name: String, isGiven: Bool)] {
        [
            ("--auth-issuer", authIssuer != nil), ("--auth-jwks", authJwks != nil),
            ("--auth-audience", authAudience != nil), ("--auth-resource", authResource != nil),
            ("--auth-required-scope", !authRequiredScope.isEmpty),
        ]
    }

    /// The scopes; several may be in one value.
    var requiredScopes: ScopeSet { ScopeSet(authRequiredScope.flatMap { $0.split(separator: " ").map(String.init) }) }

    /// What tokens must fulfill; nil if no issuer is given.
    ///
    /// - Parameter isLoopback: Whether the server listens on a loopback address.
    /// - Throws: ``Failure`` of the class `usage`.
    func resource(_ faults: Set<AuthFault>, isLoopback: Bool) throws(Failure) -> ProtectedResource? {
        guard let authIssuer else {
            if let option = given.first(where: \.isGiven)?.name {
                throw .usage("\(option) requires --auth-issuer.", nextStep: "Give the issuer of the tokens, too.")
            }
            return nil
        }
        guard isLoopback || authResource != nil else {
            throw .usage(
                "--auth-issuer requires --auth-resource beyond loopback.",
                nextStep: "Give the URL of this server as clients know it, such as https://mcp.example.com/mcp."
            )
        }
        do throws(HTTPURL.Fault) {
            let keys = try authJwks.map { text throws(HTTPURL.Fault) in try HTTPURL(text) }
            if let authResource { _ = try HTTPURL(authResource) }
            return try ProtectedResource(
                issuer: authIssuer,
                keys: keys,
                resource: authResource,
                audience: authAudience,
                requiredScopes: requiredScopes,
                faults: faults
            )
        } catch {
            throw .usage(
                "A URL of --auth-issuer, --auth-jwks or --auth-resource \(error).",
                nextStep: "Write each as http:// or https:// with a host."
            )
        }
    }
}

extension CommandContext {
    /// Sends single requests, such as those for keys, as far as the address policy of an issuer allows.
    func authHTTP(for server: HTTPURL) -> AuthHTTP {
        let endpoint = HTTPEndpoint(
            url: server.requestText,
            proxy: ProxyChoice.reading { environment.value(of: $0) }
        )
        let network = NetworkHTTP(like: endpoint, AuthorizationSettings(server: server), clock: clock)
        return { request async throws(AuthHTTPFailure) in try await network.send(request) }
    }

    /// The time in seconds since 1970.
    static let secondsNow: @Sendable () -> Int64 = { Int64(time(nil)) }
}

extension HTTPSite {
    /// A site whose making must not fail: if it does, no token is accepted.
    static func closedOnFailure(_ make: () throws -> HTTPSite) -> HTTPSite {
        do {
            return try make()
        } catch {
            return HTTPSite(authorization: ResourceAuthorization(verifier: Authentication(tokens: [])))
        }
    }
}
