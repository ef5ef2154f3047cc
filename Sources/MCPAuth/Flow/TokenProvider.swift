import AsyncRuntime
import MCPHTTP
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
        return try await renewed(stored).map(use)
    }

    /// A token after the server refused the present one with 401, or required one.
    ///
    /// - Parameters:
    ///   - challenges: The challenges of the response.
    ///   - refused: The token that was refused; nil if none was sent.
    /// - Throws: ``AuthFailure``.
    public func token(after challenges: Challenges, refused: String?) async throws(AuthFailure) -> String {
        if let refused {
            flow.trace.hide(refused)
            if let stored = try await stored() {
                // Another task or process may have renewed it meanwhile.
                if stored.tokens.accessToken != refused, stored.tokens.isUsable(at: flow.now()) { return use(stored) }
                if stored.tokens.refreshToken != nil, let renewed = try await renewed(stored, refused: refused) {
                    return use(renewed)
                }
            }
        }
        return try await authorize(after: challenges, previous: ScopeSet())
    }

    /// A token with more scopes, after the server refused the present one with 403 and `insufficient_scope`.
    ///
    /// - Throws: ``AuthFailure``; of the kind ``AuthFailure/Kind/scopeLimit`` if the server demands scopes again and again.
    public func token(withScopesOf challenges: Challenges) async throws(AuthFailure) -> String {
        let decision = state.withLock { state in
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

    /// Whether a token can be got without a stored one.
    public var canAuthorize: Bool { grant != nil }

    // MARK: -

    private func use(_ authorization: Authorization) -> String {
        flow.trace.hide(authorization.tokens.accessToken)
        flow.trace.hide(authorization.tokens.refreshToken)
        state.withLock { $0.current = authorization }
        return authorization.tokens.accessToken
    }

    /// The authorization of this provider, or the newest one for the server and the given client.
    private func stored() async throws(AuthFailure) -> Authorization? {
        if let current = state.withLock({ $0.current }) { return try await store.authorization(current.key) }
        let wanted = flow.settings
        return try await store.authorizations(for: ResourceIdentifier(server: wanted.server)).last { stored in
            (wanted.client == nil || wanted.client?.id == stored.client.id)
                && (wanted.issuer == nil || wanted.issuer == stored.issuer)
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
                advice: "Log in: mcp-test-mcp auth login \(flow.settings.server)."
            )
        }
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
                let renewed = try await self.flow.refresh(latest)
                try await self.store.save(renewed)
                return renewed
            } catch {
                guard error.kind == .tokenRefused else { throw error }
                // Using it again would only be refused again.
                latest.tokens.refreshToken = nil
                try await self.store.save(latest)
                return nil
            }
        }
    }
}
