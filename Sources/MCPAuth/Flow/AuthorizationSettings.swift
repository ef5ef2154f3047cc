public import MCPHTTP

/// What the user decides about authorizations for one server.
public struct AuthorizationSettings: Sendable {
    /// The URL of the server.
    public var server: HTTPURL
    /// The client that the user gave; nil to register one.
    public var client: OAuthClient?
    /// The https URL of a client ID metadata document that the user publishes.
    public var clientMetadataURL: String?
    /// The scopes to request; nil to choose them by the metadata.
    public var scopes: ScopeSet?
    /// The authorization server to use, if the resource names several.
    public var issuer: String?
    /// Whether tokens are bound to a key (DPoP), also if the server does not require it.
    public var usesPossession: Bool
    /// The hosts that may be reached whatever their address.
    public var allowedHosts: [String]
    /// Bounds.
    public var limits: AuthLimits

    /// Creates settings.
    public init(
        server: HTTPURL,
        client: OAuthClient? = nil,
        clientMetadataURL: String? = nil,
        scopes: ScopeSet? = nil,
        issuer: String? = nil,
        usesPossession: Bool = false,
        allowedHosts: [String] = [],
        limits: AuthLimits = AuthLimits()
    ) {
        self.server = server
        self.client = client
        self.clientMetadataURL = clientMetadataURL
        self.scopes = scopes
        self.issuer = issuer
        self.usesPossession = usesPossession
        self.allowedHosts = allowedHosts
        self.limits = limits
    }

    /// The policy for URLs that a server names.
    public var policy: AddressPolicy { AddressPolicy(server: server, allowedHosts: allowedHosts) }
}
