import MCPHTTP

/// What the metadata says about a server.
public struct Discovery: Sendable {
    /// The resource that tokens are requested for.
    public var resource: ResourceIdentifier
    /// The protected resource metadata; nil for a server of the 2025-03-26 revision.
    public var resourceMetadata: ResourceMetadata?
    /// The metadata of the authorization server.
    public var server: ServerMetadata
    /// The scopes that the challenge named.
    public var challengedScopes: ScopeSet?
    /// Whether the server accepts only tokens that are bound to a key: the metadata says so, or the challenge has no other
    /// scheme than DPoP.
    public var requiresPossession = false
}
