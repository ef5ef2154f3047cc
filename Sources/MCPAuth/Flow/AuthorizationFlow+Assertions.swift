import JSON
import MCPHTTP

/// Grants that are JWTs of someone else.
extension AuthorizationFlow {
    /// Exchanges the JWT of a workload, as it is.
    func exchange(
        workload assertion: String,
        _ request: TokenRequest,
        _ scopes: ScopeSet
    ) async throws(AuthFailure) -> TokenSet {
        trace.hide(assertion)
        if let claims = TokenClaims(assertion)?.claims {
            if let expiry = claims["exp"]?.double, Int64(expiry) <= now() {
                trace.add(AuthStep(.token, .warning, .assertion, "the assertion has expired by our clock"))
            }
            let audiences = claims["aud"]?.array?.compactMap(\.string) ?? [claims["aud"]?.string].compactMap(\.self)
            // The draft names the token endpoint; servers accept their issuer.
            let accepted = [request.endpoint.requestText, request.issuer, request.issuer + "/"]
            if !audiences.contains(where: accepted.contains) {
                let found = "the assertion is for \(audiences.joined(separator: ", ")); expected \(request.endpoint)"
                trace.add(AuthStep(.token, .warning, .assertion, found))
            }
        }
        return try await exchange(.assertion(assertion, scopes), request, scopes, .assertion)
    }

    /// Exchanges the user's sign-on at the enterprise's identity provider for a grant, and that for tokens.
    func exchange(
        signOnAt provider: IdentityProvider,
        _ request: TokenRequest,
        _ scopes: ScopeSet
    ) async throws(AuthFailure) -> TokenSet {
        for secret in [provider.idToken, provider.clientSecret] { trace.hide(secret) }
        let outcome = await send(provider.exchange(for: request.resource, at: request.issuer, scopes))
        let (response, document) = try document(outcome, from: provider.tokenEndpoint, .token, .tokenExchange)
        guard let grant = document["access_token"]?.string, !grant.isEmpty else {
            throw AuthFailure(
                .malformedResponse,
                "\(provider.tokenEndpoint) returned a token response without access_token",
                rule: .tokenExchange
            )
        }
        trace.hide(grant)
        trace.add(
            AuthStep(
                .token,
                .ok,
                .tokenExchange,
                "a grant for \(request.issuer)",
                request: "POST \(provider.tokenEndpoint)",
                status: response.status
            )
        )
        return try await exchange(.assertion(grant, ScopeSet()), request, scopes, .assertion)
    }
}
