public import AsyncRuntime
import MCPHTTP

/// Runs authorizations for one server: sends what the state machines ask for, and records each step.
///
/// Source: 2026-07-28, "Authorization".
public struct AuthorizationFlow: Sendable {
    /// What the user decides.
    public let settings: AuthorizationSettings
    /// The steps so far.
    public let trace: AuthTrace
    let http: AuthHTTP
    let clock: any Scheduler
    let nonces = ServerNonces()
    /// The time in seconds since 1970.
    public let now: @Sendable () -> Int64

    /// Creates a flow; nothing is sent yet.
    ///
    /// - Parameters:
    ///   - http: Sends the requests.
    ///   - clock: The clock of timeouts.
    ///   - now: The time in seconds since 1970, for expiry and assertions.
    public init(
        _ settings: AuthorizationSettings,
        http: @escaping AuthHTTP,
        clock: any Scheduler,
        now: @escaping @Sendable () -> Int64,
        trace: AuthTrace = AuthTrace()
    ) {
        self.settings = settings
        self.http = http
        self.clock = clock
        self.now = now
        self.trace = trace
        trace.hide(settings.client?.secret)
        trace.hide(settings.client?.key?.pem)
    }

    /// Gets tokens: discovers, chooses or registers a client, chooses scopes, and exchanges the grant.
    ///
    /// - Parameters:
    ///   - challenges: The challenges of the 401 or 403; nil if there was no such response.
    ///   - previous: The scopes that were requested before, in a step-up.
    ///   - known: An authorization whose client is used again if the issuer is the same.
    public func authorize(
        by grant: AuthorizationGrant,
        after challenges: Challenges? = nil,
        previous: ScopeSet = ScopeSet(),
        known: Authorization? = nil
    ) async throws(AuthFailure) -> Authorization {
        try await redacting { () async throws(AuthFailure) in
            try await self.exchange(grant, try await self.search(challenges), previous, known)
        }
    }

    /// Gets tokens from a server whose metadata is known.
    public func authorize(
        by grant: AuthorizationGrant,
        _ discovery: Discovery,
        previous: ScopeSet = ScopeSet(),
        known: Authorization? = nil
    ) async throws(AuthFailure) -> Authorization {
        try await redacting { () async throws(AuthFailure) in
            try await self.exchange(grant, discovery, previous, known)
        }
    }

    private func exchange(
        _ grant: AuthorizationGrant,
        _ discovery: Discovery,
        _ previous: ScopeSet,
        _ known: Authorization?
    ) async throws(AuthFailure) -> Authorization {
        let endpoint = try discovery.server.requiredURL(of: .token, allowedBy: settings.policy)
        if case .code = grant { try checkProofKey(discovery.server) }
        let choice = ScopeChoice(
            given: settings.scopes,
            challenged: discovery.challengedScopes,
            previous: previous,
            resource: discovery.resourceMetadata?.scopesSupported,
            server: discovery.server.scopesSupported,
            wantsRefresh: grant.registeredTypes != nil
        )
        let chosen = choice.scopes.isEmpty ? "no scope" : "\"\(choice.scopes)\""
        trace.add(AuthStep(.scope, .ok, .scopeChoice, "\(chosen): \(choice.reason)"))
        let possession = try possessionKey(discovery, known)
        let chosenClient = try await client(for: grant, discovery, choice.scopes, known, isBound: possession != nil)
        let request = TokenRequest(
            client: chosenClient.client,
            method: try chosenClient.client.authentication(at: discovery.server),
            resource: discovery.resource,
            endpoint: endpoint,
            issuer: discovery.server.issuer,
            possession: possession
        )
        let tokens: TokenSet
        switch grant {
        case .code(let interaction):
            let redirectURI = chosenClient.redirectURI ?? interaction.redirectURI
            tokens = try await exchange(interaction, redirectURI, request, discovery.server, choice.scopes)
        case .clientCredentials:
            tokens = try await exchange(.clientCredentials(choice.scopes), request, choice.scopes, .clientCredentials)
        case .refreshToken(let token):
            trace.hide(token)
            tokens = try await exchange(.refreshToken(token), request, choice.scopes, .refresh, previous: token)
        case .workload(let assertion):
            tokens = try await exchange(workload: try await assertion(), request, choice.scopes)
        case .signOn(let provider):
            tokens = try await exchange(signOnAt: provider, request, choice.scopes)
        case .device(let show):
            tokens = try await exchange(showing: show, request, discovery.server, choice.scopes)
        }
        return Authorization(
            server: ResourceIdentifier(server: settings.server),
            resource: discovery.resource,
            issuer: discovery.server.issuer,
            client: chosenClient.client,
            method: request.method,
            tokenEndpoint: endpoint,
            grant: grant.name,
            redirectURI: chosenClient.redirectURI,
            tokens: tokens,
            possession: possession
        )
    }

    /// Renews tokens by one request.
    ///
    /// - Throws: ``AuthFailure``; of the kind ``AuthFailure/Kind/tokenRefused`` with the code `invalid_grant` if the refresh
    ///   token has expired or was revoked.
    public func refresh(_ authorization: Authorization) async throws(AuthFailure) -> Authorization {
        guard let token = authorization.tokens.refreshToken else {
            throw AuthFailure(.tokenRefused, "the authorization for \(authorization.resource) has no refresh token")
        }
        for secret in [token, authorization.client.secret, authorization.tokens.accessToken] { trace.hide(secret) }
        hide(authorization.possession)
        let request = TokenRequest(
            client: authorization.client,
            method: authorization.method,
            resource: authorization.resource,
            endpoint: authorization.tokenEndpoint,
            issuer: authorization.issuer,
            possession: authorization.possession
        )
        var renewed = authorization
        renewed.tokens = try await redacting { () async throws(AuthFailure) in
            try await self.exchange(
                .refreshToken(token),
                request,
                authorization.tokens.requestedScopes,
                .refresh,
                previous: token
            )
        }
        renewed.tokens.grantedScopes = renewed.tokens.grantedScopes ?? authorization.tokens.grantedScopes
        return renewed
    }

    private func checkProofKey(_ server: ServerMetadata) throws(AuthFailure) {
        let methods = server.codeChallengeMethods
        guard methods?.contains(ProofKey.method) != true else { return }
        let found =
            methods.map { "code_challenge_methods_supported of \(server.issuer) is \($0.joined(separator: ", "))" }
            ?? "the metadata of \(server.issuer) has no code_challenge_methods_supported"
        let advice = "Let the authorization server support PKCE with S256 and announce it."
        trace.add(AuthStep(.authorization, .fault, .proofKey, found, advice: advice))
        throw AuthFailure(.noProofKey, "\(found); S256 is required", advice: advice, rule: .proofKey)
    }

    // MARK: - Exchanges

    /// Sends a request of a state machine.
    func send(_ request: AuthRequest) async -> MetadataSearch.Outcome {
        // Checked again here, so that no path can forget it.
        if let refusal = settings.policy.refusal(of: request.url) { return .failure(refusal) }
        for secret in request.secrets { trace.hide(secret) }
        trace.countRequest()
        do throws(AuthHTTPFailure) {
            return .success(try await http(request))
        } catch {
            return .failure(error)
        }
    }

    /// Removes the secrets of the authorization from a failure: a server may repeat them anywhere.
    func redacting<Value>(
        _ body: () async throws(AuthFailure) -> Value
    ) async throws(AuthFailure) -> Value {
        do throws(AuthFailure) {
            return try await body()
        } catch {
            throw trace.redact(error)
        }
    }

    func checkCancellation() throws(AuthFailure) {
        if Task.isCancelled { throw AuthFailure(.cancelled, "the authorization was cancelled") }
    }
}
