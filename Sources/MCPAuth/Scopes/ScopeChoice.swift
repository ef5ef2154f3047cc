/// Which scopes to request, and why.
///
/// Source: 2026-07-28, "Authorization", "Scope Selection Strategy".
struct ScopeChoice: Sendable, Hashable {
    /// The scopes; empty to omit the parameter.
    var scopes: ScopeSet
    /// Why, as a clause.
    var reason: String

    /// - Parameters:
    ///   - given: The scopes that the user gave.
    ///   - challenged: The scopes of the challenge.
    ///   - previous: The scopes that were requested before, in a step-up.
    ///   - resource: The `scopes_supported` of the protected resource metadata.
    ///   - server: The `scopes_supported` of the authorization server.
    ///   - wantsRefresh: Whether the grant can bring a refresh token.
    init(
        given: ScopeSet?,
        challenged: ScopeSet?,
        previous: ScopeSet,
        resource: ScopeSet?,
        server: ScopeSet?,
        wantsRefresh: Bool
    ) {
        if let given {
            let all = previous.isEmpty ? given : given.union(previous).union(challenged ?? ScopeSet())
            scopes = all
            reason = "given by the user"
            return
        }
        if let challenged {
            scopes = previous.union(challenged)
            reason = previous.isEmpty ? "named by the challenge" : "requested before, and named by the challenge"
        } else if let resource, !resource.isEmpty {
            scopes = previous.union(resource)
            reason = "scopes_supported of the protected resource metadata"
        } else {
            scopes = previous
            reason = previous.isEmpty ? "neither a challenge nor metadata names one" : "requested before"
        }
        // Alone, it would replace the default scopes of the server.
        if wantsRefresh, !scopes.isEmpty, server?.contains(Self.offlineAccess) == true {
            scopes = scopes.union(ScopeSet([Self.offlineAccess]))
        }
    }

    static let offlineAccess = "offline_access"
}
