import AsyncRuntime
import MCPHTTP
public import MCPHTTPClient
import Synchronization

/// Provides the tokens for one server: the stored one without a request, and a new one when the server refuses it.
public final class TokenProvider: Sendable {
    /// How tokens are requested.
    public let flow: AuthorizationFlow
    private let store: any TokenStore
    /// How to get tokens if none is stored or renewable; nil if the user must log in first.
    private let grant: AuthorizationGrant?
    private let state: Mutex<State>

    private struct State {
        var current: Authorization?
        /// Whether the current token came from a refresh token, so that another refresh would bring nothing new.
        var isRefreshed = false
        var stepUp: StepUp
    }

    /// Creates a provider; nothing is read or sent yet.
    public init(_ flow: AuthorizationFlow, store: any TokenStore, grant: AuthorizationGrant?) {
        self.flow = flow
        self.store = store
        self.grant = grant
        state = Mutex(State(stepUp: StepUp(limit: flow.settings.limits.authorizations)))
    }

    /// The token to send with the first request; nil if there is none.
    ///
    /// Sends a request only if the stored token has expired and can be renewed.
    ///
    /// - Throws: ``AuthFailure`` if the store cannot be used.
    public func initialToken() async throws(AuthFailure) -> String? {
        guard let stored = try await stored() else { return nil }
        if stored.tokens.isUsable(at: flow.now()) { return use(stored) }
        guard stored.tokens.refreshToken != nil else { return nil }
        return try await renewed(stored).map { use($0, isRefreshed: true) }
    }

    /// A token after the server refused the present one with 401, or required one.
    ///
    /// - Parameters:
    ///   - challenges: The challenges of the response.
    ///   - refused: The token that was refused; nil if none was sent.
    ///   - isRepeated: Whether the same request was refused before: a token of another kind is needed.
    /// - Throws: ``AuthFailure``.
    public func token(
        after challenges: Challenges,
        refused: String?,
        isRepeated: Bool = false
    ) async throws(AuthFailure) -> String {
        if isRepeated {
            guard grant != nil, state.withLock({ $0.isRefreshed }) else {
                throw AuthFailure(
                    .tokenRefused,
                    "\(flow.settings.server) refuses a token that was issued for it just now",
                    advice: "Check which issuer and audience the server expects, and whether it can verify the token.",
                    rule: .invalidToken
                )
            }
            // The authorization server may have changed.
        } else if let refused {
            flow.trace.hide(refused)
            if let stored = try await stored() {
                // Another task or process may have renewed it meanwhile.
                if stored.tokens.accessToken != refused, stored.tokens.isUsable(at: flow.now()) { return use(stored) }
                if stored.tokens.refreshToken != nil, let renewed = try await renewed(stored, refused: refused) {
                    return use(renewed, isRefreshed: true)
                }
            }
        }
        return try await authorize(after: challenges, previous: ScopeSet())
    }

    /// A token with more scopes, after the server refused the present one with 403 and `insufficient_scope`.
    ///
    /// - Parameter isNewOperation: Whether the limit of authorizations begins again.
    /// - Throws: ``AuthFailure``; of the kind ``AuthFailure/Kind/scopeLimit`` if the server demands scopes again and again.
    public func token(
        withScopesOf challenges: Challenges,
        isNewOperation: Bool = false
    ) async throws(AuthFailure) -> String {
        let decision = state.withLock { state in
            if isNewOperation { state.stepUp.beginOperation() }
            if let current = state.current { state.stepUp.noteRequested(current.tokens.requestedScopes) }
            return state.stepUp.decide(on: challenges.token)
        }
        switch decision {
        case .giveUp(let reason):
            flow.trace.add(AuthStep(.scope, .fault, .stepUp, reason))
            throw AuthFailure(
                .scopeLimit,
                reason,
                advice: "Check which scopes the server requires, and whether the authorization server grants them.",
                rule: .stepUp
            )
        case .authorize(let previous): return try await authorize(after: challenges, previous: previous)
        }
    }

    /// Checks that the store can be read: if it cannot, no token is found although one may be stored.
    ///
    /// - Throws: ``AuthFailure`` if the store cannot be used.
    public func checkStore() async throws(AuthFailure) { try await store.check(isForSaving: false) }

    /// A token of this provider as a connection sends it: with proofs if it is bound to a key.
    public func sent(_ token: String) -> AccessTokens.Token {
        let current = state.withLock { $0.current }
        guard let current, current.tokens.accessToken == token, let key = current.possession else {
            return AccessTokens.Token(token)
        }
        return AccessTokens.Token(token, prover: PossessionProver(key: key, now: flow.now))
    }

    /// Whether a token can be got without a stored one.
    public var canAuthorize: Bool { grant != nil }

    // MARK: -

    private func use(_ authorization: Authorization, isRefreshed: Bool = false) -> String {
        flow.trace.hide(authorization.tokens.accessToken)
        flow.trace.hide(authorization.tokens.refreshToken)
        flow.hide(authorization.possession)
        state.withLock { state in
            state.current = authorization
            state.isRefreshed = isRefreshed
        }
        return authorization.tokens.accessToken
    }

    /// The authorization of this provider, or the newest one for the server and the given client.
    private func stored() async throws(AuthFailure) -> Authorization? {
        if let current = state.withLock({ $0.current }) { return try await store.authorization(current.key) }
        if grant?.namesSubject == true { return nil }
        let wanted = flow.settings
        return try await store.authorizations(for: ResourceIdentifier(server: wanted.server)).last { stored in
            (wanted.client == nil || wanted.client?.id == stored.client.id)
                && (wanted.issuer == nil || wanted.issuer == stored.issuer)
                && (!wanted.usesPossession || stored.possession != nil)
        }
    }

    private func authorize(
        after challenges: Challenges,
        previous: ScopeSet
    ) async throws(AuthFailure) -> String {
        let known = try await stored()
        guard let grant else {
            throw AuthFailure(
                .needsClient,
                "\(flow.settings.server) requires authorization, and \(known == nil ? "no" : "no valid") token is stored",
                advice: "Log in: call connect_to_server again, or run mcp-test-mcp auth login \(flow.settings.server)."
            )
        }
        try await store.check(isForSaving: true)
        let authorization = try await flow.authorize(by: grant, after: challenges, previous: previous, known: known)
        state.withLock { $0.stepUp.authorized(with: authorization.tokens.requestedScopes) }
        if let known, known.key != authorization.key, known.resource == authorization.resource,
            known.client.source == .registered
        {
            // Its client was replaced, because the authorization server or the redirect URI changed.
            try await store.remove(known.key)
        }
        try await store.save(authorization)
        return use(authorization)
    }

    /// The renewed authorization; nil if the server refused the refresh token.
    ///
    /// - Parameter refused: The access token that the server refused, if the clock is not the reason to renew.
    private func renewed(
        _ authorization: Authorization,
        refused: String? = nil
    ) async throws(AuthFailure) -> Authorization? {
        try await store.exclusively { () async throws(AuthFailure) -> Authorization? in
            guard var latest = try await self.store.authorization(authorization.key) else { return nil }
            let isChanged = latest.tokens.accessToken != authorization.tokens.accessToken
            if isChanged, latest.tokens.accessToken != refused, latest.tokens.isUsable(at: self.flow.now()) {
                return latest
            }
            do throws(AuthFailure) {
                return try await self.refreshed(latest)
            } catch {
                guard error.kind == .tokenRefused else { throw error }
                // Using it again would only be refused again.
                latest.tokens.refreshToken = nil
                try await self.store.save(latest)
                return nil
            }
        }
    }

    /// Sends a refresh token and stores the new ones, also if the caller is cancelled meanwhile: the server has replaced the
    /// refresh token as soon as it was sent.
    private func refreshed(_ authorization: Authorization) async throws(AuthFailure) -> Authorization {
        let renewal = Task { () async -> Result<Authorization, AuthFailure> in
            do throws(AuthFailure) {
                let renewed = try await flow.refresh(authorization)
                try await store.save(renewed)
                return .success(renewed)
            } catch {
                return .failure(error)
            }
        }
        return try await renewal.value.get()
    }
}
