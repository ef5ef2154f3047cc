import JSON
import MCPHTTP
import TextUtilities

/// A request to the token endpoint, or to the device authorization endpoint: a grant and the client's authentication.
///
/// Source: RFC 6749, sections 2.3, 4 and 6; RFC 8707, section 2.2; RFC 7523, section 2.2.
struct TokenRequest: Sendable {
    /// What is exchanged for tokens.
    enum Grant: Sendable {
        case code(String, redirectURI: String, verifier: String)
        case refreshToken(String)
        case clientCredentials(ScopeSet)
        case deviceCode(String)
        case assertion(String, ScopeSet)

        var name: String {
            switch self {
            case .code: GrantType.code
            case .refreshToken: GrantType.refreshToken
            case .clientCredentials: GrantType.clientCredentials
            case .deviceCode: GrantType.deviceCode
            case .assertion: GrantType.jwtBearer
            }
        }
    }

    let client: OAuthClient
    let method: OAuthClient.Authentication
    let resource: ResourceIdentifier
    let endpoint: HTTPURL
    /// The audience of a client assertion.
    let issuer: String
    /// The key that the tokens are bound to; nil for bearer tokens.
    var possession: PossessionKey?

    /// The request for tokens.
    ///
    /// - Parameter now: The time, in seconds since 1970.
    /// - Throws: ``AuthFailure`` of the kind ``AuthFailure/Kind/invalidKey``.
    func exchange(_ grant: Grant, now: Int64) async throws(AuthFailure) -> AuthRequest {
        var form = FormParameters()
        form.append("grant_type", grant.name)
        switch grant {
        case .code(let code, let redirectURI, let verifier):
            form.append("code", code)
            form.append("redirect_uri", redirectURI)
            form.append("code_verifier", verifier)
        case .refreshToken(let token): form.append("refresh_token", token)
        case .clientCredentials(let scopes): form.append("scope", scopes.isEmpty ? nil : scopes.description)
        case .deviceCode(let code): form.append("device_code", code)
        case .assertion(let assertion, let scopes):
            form.append("assertion", assertion)
            form.append("scope", scopes.isEmpty ? nil : scopes.description)
        }
        return try await request(form, now: now)
    }

    /// The request that begins the device grant.
    func deviceAuthorization(_ scopes: ScopeSet, now: Int64) async throws(AuthFailure) -> AuthRequest {
        var form = FormParameters()
        form.append("scope", scopes.isEmpty ? nil : scopes.description)
        return try await request(form, now: now)
    }

    private func request(_ given: FormParameters, now: Int64) async throws(AuthFailure) -> AuthRequest {
        var form = given
        form.append("resource", resource.text)
        var fields: [AuthRequest.Field] = []
        var secrets: [String] = []
        switch method {
        // A workload has no client ID: its assertion says who it is.
        case .none: form.append("client_id", client.id.isEmpty ? nil : client.id)
        case .post:
            form.append("client_id", client.id)
            form.append("client_secret", client.secret)
        case .basic:
            // Some servers look for the ID in the form even then.
            form.append("client_id", client.id)
            let pair = "\(FormParameters.encode(client.id)):\(FormParameters.encode(client.secret ?? ""))"
            let credentials = Base64.encode(Array(pair.utf8))
            secrets.append(credentials)
            fields.append(.init("Authorization", "Basic \(credentials)"))
        case .privateKeyJWT:
            form.append("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
            let assertion = try await assertion(now: now)
            secrets.append(assertion)
            form.append("client_assertion", assertion)
        }
        var request = AuthRequest.form(form, to: endpoint, fields: fields)
        request.secrets = secrets
        return request
    }

    private func assertion(now: Int64) async throws(AuthFailure) -> String {
        guard let key = client.key else {
            throw AuthFailure(
                .invalidKey,
                "the client \(client.id) must authenticate with private_key_jwt, but has no private key",
                advice: "Give its private key."
            )
        }
        // RFC 7523, section 3.
        let claims: JSONObject = [
            "iss": .string(client.id), "sub": .string(client.id), "aud": .string(issuer), "iat": JSONValue(now),
            "exp": JSONValue(now + Self.assertionLifetime), "jti": .string(randomIdentifier()),
        ]
        return try key.sign(claims)
    }

    /// In seconds.
    private static let assertionLifetime: Int64 = 300
}
