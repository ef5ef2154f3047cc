import MCP

/// What a server must not accept.
package enum AuditCheck: String, Sendable, CaseIterable {
    case noToken = "no-token"
    case expired
    case notYetValid = "not-yet-valid"
    case wrongAudience = "wrong-audience"
    case wrongIssuer = "wrong-issuer"
    case unsigned = "alg-none"
    case keyConfusion = "key-confusion"
    case changedPayload = "changed-payload"
    case unknownKey = "unknown-kid"
    case missingScope = "missing-scope"
    case tokenInQuery = "query-token"
    case foreignSession = "foreign-session"
    case sessionWithoutToken = "session-without-token"
    case revoked = "after-revocation"

    /// What is sent, as a noun phrase.
    var sent: String {
        switch self {
        case .noToken: "a request without a token"
        case .expired: "a token that expired an hour ago"
        case .notYetValid: "a token that becomes valid in an hour"
        case .wrongAudience: "a token for another resource"
        case .wrongIssuer: "a token of another issuer, signed with the same key"
        case .unsigned: "a token without a signature (alg none)"
        case .keyConfusion: "a token signed with HS256 and the public key as secret"
        case .changedPayload: "a token whose content was changed after it was signed"
        case .unknownKey: "a token signed with a key that the issuer does not have"
        case .missingScope: "a valid token without scopes"
        case .tokenInQuery: "a valid token in the query instead of the header"
        case .foreignSession: "a valid token of another user for an open session"
        case .sessionWithoutToken: "the ID of an open session without a token"
        case .revoked: "a token that was revoked"
        }
    }

    /// What must be received.
    var expected: String {
        switch self {
        case .missingScope: "403 with error=\"insufficient_scope\" and the needed scopes"
        case .foreignSession: "401, 403 or 404"
        case .sessionWithoutToken: "401"
        default: "401"
        }
    }

    /// The rule as a sentence.
    var requirement: String {
        switch self {
        case .noToken: "A request without a token gets 401 with WWW-Authenticate."
        case .expired, .notYetValid: "Invalid or expired tokens get 401."
        case .wrongAudience: "A server accepts only tokens that were issued for it, by their audience."
        case .wrongIssuer: "A server validates access tokens, and accepts only those of its authorization servers."
        case .unsigned: "A resource server rejects every JWT whose algorithm is none."
        case .keyConfusion: "A library verifies a signature only with the algorithms that the key is meant for."
        case .changedPayload, .unknownKey: "A resource server validates the signature with the keys of the issuer."
        case .missingScope: "A token with too few scopes gets 403 with insufficient_scope and the scopes."
        case .tokenInQuery: "Access tokens are not sent in the query."
        case .foreignSession: "A server binds sessions to the user; it does not take their IDs for authentication."
        case .sessionWithoutToken: "Every request has a token, also within a session."
        case .revoked: "A revoked token is invalid, and invalid tokens get 401."
        }
    }

    /// The revision and the page with the rule, or the standard that it refers to.
    var source: String {
        let page =
            switch self {
            case .noToken, .sessionWithoutToken, .tokenInQuery: "basic/authorization, Access Token Usage"
            case .expired, .notYetValid, .wrongAudience, .wrongIssuer: "basic/authorization, Token Handling"
            case .unsigned, .changedPayload, .unknownKey: "basic/authorization, Token Handling (RFC 9068, section 4)"
            case .keyConfusion: "basic/authorization, Token Handling (RFC 8725, section 3.1)"
            case .missingScope: "basic/authorization, Scope Challenge Handling"
            case .foreignSession: "Security Best Practices, Session Hijacking"
            case .revoked: "basic/authorization, Token Handling (RFC 7009, section 2)"
            }
        return "\(Revision.latest.wireName) \(page)"
    }
}
