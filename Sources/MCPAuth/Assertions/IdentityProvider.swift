public import MCPHTTP

/// The identity provider of an enterprise, which the user has signed on at.
///
/// Source: extension enterprise-managed-authorization (SEP-990).
public struct IdentityProvider: Sendable, Hashable {
    /// Its token endpoint, which the user names.
    public var tokenEndpoint: HTTPURL
    /// The ID of this client there.
    public var clientID: String
    /// The secret of this client there; nil for a public client.
    public var clientSecret: String?
    /// The ID token of the sign-on, which is secret.
    public var idToken: String

    /// Creates a provider.
    public init(tokenEndpoint: HTTPURL, clientID: String, clientSecret: String? = nil, idToken: String) {
        self.tokenEndpoint = tokenEndpoint
        self.clientID = clientID
        self.clientSecret = clientSecret
        self.idToken = idToken
    }

    /// The request that exchanges the ID token for a grant (ID-JAG) at an authorization server.
    ///
    /// Source: RFC 8693, section 2.1.
    func exchange(for resource: ResourceIdentifier, at issuer: String, _ scopes: ScopeSet) -> AuthRequest {
        var form = FormParameters([
            ("grant_type", GrantType.tokenExchange),
            ("requested_token_type", "urn:ietf:params:oauth:token-type:id-jag"), ("audience", issuer),
            ("resource", resource.text), ("subject_token", idToken),
            ("subject_token_type", "urn:ietf:params:oauth:token-type:id_token"), ("client_id", clientID),
        ])
        form.append("client_secret", clientSecret)
        form.append("scope", scopes.isEmpty ? nil : scopes.description)
        return .form(form, to: tokenEndpoint)
    }
}
