import JSON

/// The tokens of one authorization.
public struct TokenSet: Sendable, Hashable {
    /// The access token, which is secret.
    public var accessToken: String
    /// When the access token expires, in seconds since 1970 by our clock; nil if the server did not say.
    public var expiresAt: Int64?
    /// The refresh token, which is secret; nil if there is none.
    public var refreshToken: String?
    /// The scopes that the token was requested with.
    public var requestedScopes: ScopeSet
    /// The scopes that the server granted; nil if it granted what was requested.
    public var grantedScopes: ScopeSet?

    /// Creates tokens.
    public init(
        accessToken: String,
        expiresAt: Int64? = nil,
        refreshToken: String? = nil,
        requestedScopes: ScopeSet = ScopeSet(),
        grantedScopes: ScopeSet? = nil
    ) {
        self.accessToken = accessToken
        self.expiresAt = expiresAt
        self.refreshToken = refreshToken
        self.requestedScopes = requestedScopes
        self.grantedScopes = grantedScopes
    }

    /// The time before its expiry at which a token is renewed, in seconds.
    public static let margin: Int64 = 15

    /// Whether the access token can be sent at this time, in seconds since 1970.
    public func isUsable(at now: Int64) -> Bool {
        guard let expiresAt else { return true }
        return now < expiresAt - Self.margin
    }

    /// Reads a token response.
    ///
    /// - Parameters:
    ///   - now: The time, in seconds since 1970.
    ///   - previous: The refresh token that stays valid if the response has none.
    ///   - isBound: Whether a token is expected that is bound to a key.
    /// - Returns: The tokens, and what is wrong with the response although it can be used; the reason otherwise.
    static func read(
        _ document: JSONObject,
        requested: ScopeSet,
        now: Int64,
        previous: String?,
        isBound: Bool = false
    ) -> Result<(TokenSet, warning: String?), JSONBody.Fault> {
        guard let token = document["access_token"]?.string, !token.isEmpty else {
            return .failure(.init(reason: "a token response without access_token"))
        }
        guard token.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            return .failure(.init(reason: "an access token with characters that a header cannot have"))
        }
        var warning: String?
        if let type = document["token_type"]?.string {
            let expected = isBound ? "DPoP" : "Bearer"
            guard type.lowercased() == expected.lowercased() else {
                return .failure(.init(reason: "a token of the type \"\(type.prefix(40))\"; expected \(expected)"))
            }
        } else {
            warning = "token_type is missing"
        }
        // Some servers send a string.
        let lifetime = document["expires_in"].flatMap { $0.double ?? $0.string.flatMap { Double($0) } }
        let expiresAt = lifetime.flatMap { seconds -> Int64? in
            guard seconds.isFinite, seconds >= 0 else { return nil }
            return now + Int64(min(seconds, 1e10))
        }
        if document["expires_in"] != nil, expiresAt == nil { warning = "expires_in is not a number of seconds" }
        let tokens = TokenSet(
            accessToken: token,
            expiresAt: expiresAt,
            refreshToken: document["refresh_token"]?.string.flatMap { $0.isEmpty ? nil : $0 } ?? previous,
            requestedScopes: requested,
            grantedScopes: document["scope"]?.string.map(ScopeSet.init(parsing:))
        )
        return .success((tokens, warning))
    }
}
