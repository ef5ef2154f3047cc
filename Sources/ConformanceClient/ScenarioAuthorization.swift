import AsyncRuntime
import JSON
import MCP
import MCPAuth
import MCPHTTP
import MCPHTTPClient
import Platform

/// Authorizes in a scenario: the authorization servers of the suite agree at once, so the redirect back is read from
/// `Location` instead of opening a browser.
struct ScenarioAuthorization: Sendable {
    /// How tokens are got.
    enum Method: Sendable {
        /// By a code.
        case code
        /// By the credentials of the client that the context names.
        case clientCredentials
        /// By the JWT of the context.
        case workload
        /// By the sign-on of the context at an identity provider.
        case signOn
    }

    let method: Method
    /// Whether tokens are bound to a key.
    var usesPossession = false

    private static let redirectURI = "http://127.0.0.1:33418/callback"
    /// The suite knows this client ID; nothing is served there.
    private static let clientMetadataURL = "https://conformance-test.local/client-metadata.json"

    /// The tokens of a connection; the first request without one gets it.
    func tokens(for assignment: Assignment, clock: any Scheduler) throws -> AccessTokens {
        let settings = AuthorizationSettings(
            server: try HTTPURL(assignment.url),
            client: method == .workload ? nil : Self.client(in: assignment.context),
            clientMetadataURL: Self.clientMetadataURL,
            usesPossession: usesPossession
        )
        let network = NetworkHTTP(like: HTTPEndpoint(url: assignment.url), settings, clock: clock)
        let flow = AuthorizationFlow(
            settings,
            http: { request async throws(AuthHTTPFailure) in
                Journal.note("\(request.method.rawValue) \(request.url)")
                return try await network.send(request)
            },
            clock: clock,
            now: { Int64(time(nil)) }
        )
        let provider = TokenProvider(flow, store: MemoryTokenStore(), grant: try grant(assignment.context, clock))
        let tokens = AccessTokens()
        provider.renew(tokens)
        return tokens
    }

    /// The client of the context; nil to register one.
    private static func client(in context: JSONValue) -> OAuthClient? {
        guard let id = context["client_id"]?.string else { return nil }
        let key = context["private_key_pem"]?.string.map {
            SigningKey(pem: $0, algorithm: context["signing_algorithm"]?.string)
        }
        return OAuthClient(id: id, secret: context["client_secret"]?.string, key: key)
    }

    private func grant(_ context: JSONValue, _ clock: any Scheduler) throws -> AuthorizationGrant {
        switch method {
        case .clientCredentials: return .clientCredentials
        case .workload:
            let assertion = try Self.member("valid_jwt", of: context)
            return .workload { assertion }
        case .signOn:
            return .signOn(
                IdentityProvider(
                    tokenEndpoint: try HTTPURL(Self.member("idp_token_endpoint", of: context)),
                    clientID: try Self.member("idp_client_id", of: context),
                    idToken: try Self.member("idp_id_token", of: context)
                )
            )
        case .code:
            return .code(
                CodeInteraction(redirectURI: Self.redirectURI) { url, _ async throws(AuthFailure) in
                    try Callback(pasted: await Self.redirect(from: url, clock) ?? "")
                }
            )
        }
    }

    private static func member(_ name: String, of context: JSONValue) throws -> String {
        guard let text = context[name]?.string else {
            throw Assignment.Misuse(description: "the context has no \(name)")
        }
        return text
    }

    /// Where the authorization endpoint redirects a browser to; nil if it does not.
    private static func redirect(from url: HTTPURL, _ clock: any Scheduler) async -> String? {
        do {
            let request = try PlainRequest(to: HTTPEndpoint(url: url.requestText))
            let response = try await request.send(
                "GET",
                fields: [("Accept", "text/html")],
                body: nil,
                within: .seconds(10),
                on: clock
            )
            Journal.note("the authorization endpoint returned \(response.status)")
            return response.value(of: "Location")
        } catch {
            Journal.note("the authorization endpoint did not answer: \(error)")
            return nil
        }
    }
}

extension Scenario {
    /// Lists the tools and calls each, authorizing when the server demands it.
    private static func authorized(
        _ method: ScenarioAuthorization.Method = .code,
        usesPossession: Bool = false
    ) -> Scenario {
        var scenario = Scenario { session in
            try await session.callAll(try await session.tools())
        }
        scenario.authorization = ScenarioAuthorization(method: method, usesPossession: usesPossession)
        return scenario
    }

    /// The scenarios of authorization by their names in the suite.
    static let authorization: [String: Scenario] = {
        let codes = [
            "metadata-default", "metadata-var1", "metadata-var2", "metadata-var3", "basic-cimd",
            "scope-from-www-authenticate", "scope-from-scopes-supported", "scope-omitted-when-undefined",
            "scope-step-up", "scope-retry-limit", "token-endpoint-auth-basic", "token-endpoint-auth-post",
            "token-endpoint-auth-none", "pre-registration", "resource-mismatch", "offline-access-scope",
            "offline-access-not-supported", "authorization-server-migration", "iss-supported", "iss-not-advertised",
            "iss-supported-missing", "iss-wrong-issuer", "iss-unexpected", "iss-normalized", "metadata-issuer-mismatch",
            "\(Revision.v2025_03_26.wireName)-oauth-metadata-backcompat",
            "\(Revision.v2025_03_26.wireName)-oauth-endpoint-fallback",
        ]
        var all: [String: Scenario] = [:]
        for name in codes { all["auth/\(name)"] = authorized() }
        for name in ["dpop", "dpop-nonce"] { all["auth/\(name)"] = authorized(usesPossession: true) }
        all["auth/wif-jwt-bearer"] = authorized(.workload)
        all["auth/enterprise-managed-authorization"] = authorized(.signOn)
        for name in ["client-credentials-jwt", "client-credentials-basic"] {
            all["auth/\(name)"] = authorized(.clientCredentials)
        }
        return all
    }()
}
