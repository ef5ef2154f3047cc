import JSON
import MCPAuth
import MCPHTTPServer
import Synchronization
import TextUtilities

// The token endpoint.
extension DemoIssuer {
    func token(_ request: SiteRequest) async -> SiteResponse {
        let form = FormParameters(request)
        let client: String
        switch await authenticated(request, form) {
        case .failure(let fault): return fault.response
        case .success(let id): client = id
        }
        switch form["grant_type"] {
        case "authorization_code": return exchangeCode(client, form)
        case "refresh_token": return refresh(client, form)
        case "client_credentials":
            guard state.withLock({ $0.clients[client]?.secret }) != nil else {
                return .error("unauthorized_client", "a public client has no credentials")
            }
            switch grant(client, form, subject: client) {
            case .failure(let fault): return .error(fault.code, fault.text)
            case .success(let grant): return issue(grant, isRenewable: false)
            }
        case "urn:ietf:params:oauth:grant-type:device_code": return pollDevice(client, form)
        default: return .error("unsupported_grant_type", "the grant type is not supported")
        }
    }

    private func exchangeCode(_ client: String, _ form: FormParameters) -> SiteResponse {
        let invalid = SiteResponse.error("invalid_grant", "the code is unknown, used or expired")
        guard let text = form["code"] else { return .error("invalid_request", "code is missing") }
        let found = state.withLock { state -> DemoIssuerState.Code? in
            guard let code = state.codes.removeValue(forKey: text) else {
                // A code that is used twice was stolen (OAuth 2.1, section 4.1.3).
                if let family = state.usedCodes[text] { state.revoke(family: family) }
                return nil
            }
            state.usedCodes[text] = code.grant.family
            return code
        }
        guard let code = found, code.expiry > now(), code.grant.client == client,
            code.redirectURI == form["redirect_uri"]
        else { return invalid }
        guard let verifier = form["code_verifier"],
            code.challenge == (code.method == "S256" ? ProofKey.challenge(of: verifier) : verifier)
        else { return .error("invalid_grant", "the code verifier does not match") }
        if let resource = form["resource"], resource != code.grant.resource {
            return .error("invalid_target", "the resource is not that of the authorization request")
        }
        return issue(code.grant, isRenewable: true)
    }

    private func refresh(_ client: String, _ form: FormParameters) -> SiteResponse {
        guard let token = form["refresh_token"] else { return .error("invalid_request", "refresh_token is missing") }
        let found = state.withLock { state -> DemoIssuerState.Grant? in
            guard let grant = state.refreshTokens[token], grant.client == client else {
                // So was a refresh token that is used twice.
                if let family = state.usedRefreshTokens[token] { state.revoke(family: family) }
                return nil
            }
            state.refreshTokens[token] = nil
            state.usedRefreshTokens[token] = grant.family
            return grant
        }
        guard var grant = found else { return .error("invalid_grant", "the refresh token is unknown, used or revoked") }
        if let text = form["scope"] {
            let scopes = ScopeSet(parsing: text)
            guard grant.scopes.contains(scopes) else {
                return .error("invalid_scope", "a scope was not granted")
            }
            grant.scopes = scopes
        }
        return issue(grant, isRenewable: true)
    }

    /// Issues tokens.
    func issue(_ grant: DemoIssuerState.Grant, isRenewable: Bool) -> SiteResponse {
        let claims = mint.claims(
            TokenMint.Order(
                subject: grant.subject,
                client: grant.client,
                audience: grant.resource,
                scopes: grant.scopes,
                issuedAt: now(),
                lifetime: Self.tokenLifetime
            )
        )
        let refreshToken = randomIdentifier()
        let isAdded = add { state in
            state.issued[grant.family, default: []].append(claims["jti"]?.string ?? "")
            if isRenewable { state.refreshTokens[refreshToken] = grant }
        }
        guard isAdded else { return .error("temporarily_unavailable", "too many tokens", 503) }
        do throws(AuthFailure) {
            var response: JSONObject = [
                "access_token": .string(try mint.sign(claims)), "token_type": "Bearer",
                "expires_in": JSONValue(Self.tokenLifetime), "scope": .string(grant.scopes.description),
            ]
            if isRenewable { response["refresh_token"] = .string(refreshToken) }
            return .json(response)
        } catch {
            return .error("server_error", "the key cannot be used", 500)
        }
    }
}
