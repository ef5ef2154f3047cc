import JSON
package import MCPAuth

/// What an audit may send.
package struct AuditTokens: Sendable {
    /// A token that the server accepts; nil if there is none.
    package var valid: String?
    /// A token of another user that the server accepts; nil if there is none.
    package var other: String?
    /// Issues tokens as an issuer that the server trusts; nil if there is none.
    package var issuer: AuditIssuer?
    /// The public keys of the issuer; nil if they are not known.
    package var keys: KeySet?
    /// Revokes a token, and returns whether that succeeded; nil if nothing may be revoked.
    package var revoke: (@Sendable (String) async -> Bool)?

    /// Creates tokens.
    package init(
        valid: String? = nil,
        other: String? = nil,
        issuer: AuditIssuer? = nil,
        keys: KeySet? = nil,
        revoke: (@Sendable (String) async -> Bool)? = nil
    ) {
        self.valid = valid
        self.other = other
        self.issuer = issuer
        self.keys = keys
        self.revoke = revoke
    }

    /// The tokens of an issuer.
    ///
    /// - Throws: ``Failure`` of the class `usage` if its key cannot be used.
    package init(of issuer: AuditIssuer) throws(Failure) {
        do throws(AuthFailure) {
            self.init(issuer: issuer, keys: KeySet(try issuer.mint.keyDocument()))
        } catch {
            throw .usage("\(error.message.asSentence)", nextStep: error.advice ?? "Give another key.")
        }
    }
}

/// An issuer whose key the audit has, so that it can issue tokens that are wrong in exactly one way.
package struct AuditIssuer: Sendable {
    /// Signs tokens.
    package var mint: TokenMint
    /// The audience that the server expects.
    package var audience: String
    /// The scopes that the server requires.
    package var scopes: ScopeSet

    /// Creates an issuer.
    package init(mint: TokenMint, audience: String, scopes: ScopeSet) {
        self.mint = mint
        self.audience = audience
        self.scopes = scopes
    }

    /// The claims of a valid token.
    func claims(of user: String, now: Int64) -> JSONObject {
        mint.claims(
            TokenMint.Order(
                subject: user,
                client: "mcp-test-mcp-audit",
                audience: audience,
                scopes: scopes,
                issuedAt: now
            )
        )
    }

    /// A token that is valid apart from a change of its claims.
    ///
    /// - Throws: ``AuthFailure`` if the key cannot be used.
    func token(
        of user: String = "audit-user",
        now: Int64,
        _ change: (inout JSONObject) -> Void = { _ in }
    ) throws(AuthFailure) -> String {
        var claims = claims(of: user, now: now)
        change(&claims)
        return try mint.sign(claims)
    }
}
