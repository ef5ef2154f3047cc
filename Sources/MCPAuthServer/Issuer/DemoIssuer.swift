import JSON
public import MCPAuth
import MCPHTTP
import Synchronization

/// A small authorization server for tests and demonstrations only: everyone who asks gets a token.
///
/// It has metadata, dynamic registration, client ID metadata documents, the grants `authorization_code` with PKCE,
/// `refresh_token` with rotation, `client_credentials` and device codes, revocation and its keys. All of it is in memory.
///
/// Source: 2026-07-28, "Authorization"; RFC 6749, 7009, 7591, 8414, 8628 and 9207.
public final class DemoIssuer: Sendable {
    /// How users agree.
    public enum Consent: String, Sendable, CaseIterable {
        /// By themselves.
        case automatic
        /// By a button on a page.
        case page
    }

    /// What an issuer knows beforehand.
    public struct Settings: Sendable {
        /// The issuer: the origin at which it is served.
        public var issuer: String
        /// The resources that it issues tokens for; the first one is the default.
        public var resources: [String]
        /// The scopes that it knows.
        public var scopes: ScopeSet
        /// How users agree.
        public var consent: Consent
        /// The faults that it has on purpose.
        public var faults: Set<AuthFault>

        /// Creates settings.
        public init(
            issuer: String,
            resources: [String],
            scopes: ScopeSet,
            consent: Consent = .automatic,
            faults: Set<AuthFault> = []
        ) {
            self.issuer = issuer
            self.resources = resources
            self.scopes = scopes
            self.consent = consent
            self.faults = faults
        }
    }

    /// The path of the keys.
    public static let keysPath = Page.keys.rawValue
    /// What it calls itself wherever a person may read it.
    static let notice = "A demonstration of mcp-test-mcp, for tests only: it grants a token to everyone."
    /// The client that need not register, for the grant `client_credentials`.
    public static let machine = (id: "machine", secret: "machine-secret")
    /// The lifetime of access tokens, in seconds.
    static let tokenLifetime: Int64 = 300
    /// The maximum number of entries of each kind that are kept.
    static let limit = 10_000

    let settings: Settings
    let mint: TokenMint
    let now: @Sendable () -> Int64
    /// Fetches client ID metadata documents.
    let http: AuthHTTP
    let state: Mutex<DemoIssuerState>

    /// Creates an issuer.
    ///
    /// - Parameters:
    ///   - key: The key that signs tokens.
    ///   - http: Fetches client ID metadata documents.
    ///   - now: The time in seconds since 1970.
    /// - Throws: ``AuthFailure`` if the key cannot be used.
    public init(
        _ settings: Settings,
        key: SigningKey? = nil,
        http: @escaping AuthHTTP,
        now: @escaping @Sendable () -> Int64
    ) throws(AuthFailure) {
        self.settings = settings
        mint = TokenMint(issuer: settings.issuer, key: try (key ?? .generate()).identified())
        self.http = http
        self.now = now
        var state = DemoIssuerState()
        state.clients[Self.machine.id] = DemoIssuerState.Client(secret: Self.machine.secret, redirectURIs: [])
        self.state = Mutex(state)
    }

    /// Whether an access token was revoked, by its `jti`.
    public func isRevoked(_ id: String) -> Bool { state.withLock { $0.revoked.contains(id) } }

    /// Revokes a token, access or refresh.
    public func revoke(_ token: String) {
        state.withLock { state in
            if let id = JSONWebToken(token)?.claims["jti"]?.string { state.revoke(id) }
            if let grant = state.refreshTokens[token] { state.revoke(family: grant.family) }
        }
    }
}
