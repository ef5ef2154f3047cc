public import MCPHTTP

/// Tokens, with everything that is needed to renew them by one request.
public struct Authorization: Sendable, Hashable {
    /// The server's canonical URL, which the user named.
    public var server: ResourceIdentifier
    /// The resource that the tokens are for.
    public var resource: ResourceIdentifier
    /// The issuer of the tokens, verbatim.
    public var issuer: String
    /// The client that the tokens were issued to.
    public var client: OAuthClient
    /// How the client authenticates at the token endpoint.
    public var method: OAuthClient.Authentication
    /// The token endpoint.
    public var tokenEndpoint: HTTPURL
    /// The grant that the tokens came from, such as `authorization_code`.
    public var grant: String
    /// The redirect URI that the client used; nil for grants without one.
    public var redirectURI: String?
    /// The tokens.
    public var tokens: TokenSet
    /// The key that the tokens are bound to; nil for bearer tokens.
    public var possession: PossessionKey?

    /// Creates an authorization.
    public init(
        server: ResourceIdentifier,
        resource: ResourceIdentifier,
        issuer: String,
        client: OAuthClient,
        method: OAuthClient.Authentication,
        tokenEndpoint: HTTPURL,
        grant: String,
        redirectURI: String?,
        tokens: TokenSet,
        possession: PossessionKey? = nil
    ) {
        self.server = server
        self.resource = resource
        self.issuer = issuer
        self.client = client
        self.method = method
        self.tokenEndpoint = tokenEndpoint
        self.grant = grant
        self.redirectURI = redirectURI
        self.tokens = tokens
        self.possession = possession
    }

    /// What it is stored under: tokens are never used for another issuer, resource or client.
    public struct Key: Sendable, Hashable {
        /// The issuer.
        public var issuer: String
        /// The resource.
        public var resource: String
        /// The client ID.
        public var client: String
    }

    /// What it is stored under.
    public var key: Key { Key(issuer: issuer, resource: resource.text, client: client.id) }
}

/// How to get tokens.
public enum AuthorizationGrant: Sendable {
    /// The user agrees in a browser.
    case code(CodeInteraction)
    /// The client itself is authorized.
    case clientCredentials
    /// A refresh token that the user gave.
    case refreshToken(String)
    /// A workload proves who it is by a JWT of its platform, which is read each time: platforms replace it before it
    /// expires.
    case workload(assertion: @Sendable () async throws(AuthFailure) -> String)
    /// The user has signed on at the enterprise's identity provider.
    case signOn(IdentityProvider)
    /// The user agrees on any device; the closure shows the prompt.
    case device(@Sendable (DevicePrompt) async -> Void)

    var name: String {
        switch self {
        case .code: GrantType.code
        case .clientCredentials: GrantType.clientCredentials
        case .refreshToken: GrantType.refreshToken
        case .device: GrantType.deviceCode
        case .workload, .signOn: GrantType.jwtBearer
        }
    }

    var redirectURI: String? {
        if case .code(let interaction) = self { interaction.redirectURI } else { nil }
    }

    /// Whether it says on whose behalf the client acts; the tokens of an earlier login may be another's.
    var namesSubject: Bool {
        switch self {
        case .workload, .signOn: true
        case .code, .clientCredentials, .refreshToken, .device: false
        }
    }

    /// Whether the client may be one that only publishes its metadata.
    var mayBeDocument: Bool {
        switch self {
        case .code, .device, .signOn: true
        case .clientCredentials, .refreshToken, .workload: false
        }
    }

    /// The grant types that a client registers for it; nil if it needs a client that exists.
    var registeredTypes: [String]? {
        switch self {
        case .code: [GrantType.code, GrantType.refreshToken]
        case .device: [GrantType.deviceCode, GrantType.refreshToken]
        case .clientCredentials, .refreshToken, .workload, .signOn: nil
        }
    }
}

/// How the user's browser is reached.
public struct CodeInteraction: Sendable {
    /// The redirect URI, which a client registers.
    public var redirectURI: String
    /// Shows the URL to the user and waits for the redirect back.
    public var callback: @Sendable (_ url: HTTPURL, _ state: String) async throws(AuthFailure) -> Callback
    /// Reports the end to the user; the failure is nil after a success.
    public var finished: @Sendable (AuthFailure?) async -> Void

    /// Creates an interaction.
    public init(
        redirectURI: String,
        callback: @escaping @Sendable (_ url: HTTPURL, _ state: String) async throws(AuthFailure) -> Callback,
        finished: @escaping @Sendable (AuthFailure?) async -> Void = { _ in }
    ) {
        self.redirectURI = redirectURI
        self.callback = callback
        self.finished = finished
    }
}
