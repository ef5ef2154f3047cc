import JSON
import MCPHTTP
import MCPTransport

/// What a resource server demands of an access token.
///
/// Source: 2026-07-28, "Authorization", "Token Handling"; RFC 9068, section 4; RFC 8725, section 3.
package struct TokenRules: Sendable {
    /// The issuer, compared verbatim.
    package var issuer: String
    /// The audiences that name this server; one of them must be in `aud`.
    package var audiences: [String]
    /// The scopes that every request needs.
    package var requiredScopes: ScopeSet
    /// The algorithms that are accepted.
    package var algorithms: Set<SigningAlgorithm>
    /// The difference between clocks that is tolerated, in seconds.
    package var leeway: Int64
    /// Whether a token was revoked, by its `jti`.
    package var isRevoked: @Sendable (String) -> Bool
    /// The checks that are omitted on purpose.
    package var omitted: Set<TokenCheck>

    /// Creates rules.
    package init(
        issuer: String,
        audiences: [String],
        requiredScopes: ScopeSet = ScopeSet(),
        algorithms: Set<SigningAlgorithm> = Set(SigningAlgorithm.allCases),
        leeway: Int64 = 30,
        isRevoked: @escaping @Sendable (String) -> Bool = { _ in false },
        omitted: Set<TokenCheck> = []
    ) {
        self.issuer = issuer
        self.audiences = audiences
        self.requiredScopes = requiredScopes
        self.algorithms = algorithms
        self.leeway = leeway
        self.isRevoked = isRevoked
        self.omitted = omitted
    }

    /// The verdict on a token.
    ///
    /// - Parameter now: The time, in seconds since 1970.
    /// - Returns: Nil if the token names a key that is not in the set.
    func verdict(on token: JSONWebToken, _ keys: KeySet, now: Int64) -> TokenVerdict? {
        switch signatureFault(of: token, keys) {
        case .unknownKey: return nil
        case .invalid(let reason): return .invalid(reason: reason)
        case nil: return claimsVerdict(on: token, now: now)
        }
    }

    // MARK: - The signature

    private enum SignatureFault {
        case unknownKey
        case invalid(String)
    }

    private func signatureFault(of token: JSONWebToken, _ keys: KeySet) -> SignatureFault? {
        let name = token.header["alg"]?.string ?? ""
        if name.lowercased() == "none" {
            return omitted.contains(.signed) ? nil : .invalid("the token is not signed")
        }
        // RFC 7515, 4.1.11: extensions that are not understood must not be ignored.
        if token.header["crit"] != nil { return .invalid("the token has critical extensions") }
        let candidates = keys.candidates(for: token)
        if name == SharedSecretSignature.algorithm, omitted.contains(.asymmetric) {
            let isForged = keys.keys.contains { key in
                let secret = Array((key.pem ?? "").utf8)
                return SharedSecretSignature.sign(token.signedBytes, secret: secret) == token.signature
            }
            return isForged ? nil : .invalid("the signature is not valid")
        }
        guard let algorithm = SigningAlgorithm(rawValue: name), algorithms.contains(algorithm) else {
            return .invalid("the signing algorithm is not allowed")
        }
        if candidates.isEmpty { return omitted.contains(.keyID) ? nil : .unknownKey }
        if omitted.contains(.signature) || candidates.contains(where: { $0.verifies(token, algorithm) }) { return nil }
        return .invalid("the signature is not valid")
    }

    // MARK: - The claims

    private func claimsVerdict(on token: JSONWebToken, now: Int64) -> TokenVerdict {
        let claims = token.claims
        if !omitted.contains(.issuer), claims["iss"]?.string != issuer {
            return .invalid(reason: "the token is of another issuer")
        }
        if !omitted.contains(.audience), !token.audiences.contains(where: isOwn) {
            return .invalid(reason: "the token was issued for another resource")
        }
        if !omitted.contains(.expiry) {
            guard let expiry = claims["exp"]?.double else { return .invalid(reason: "the token has no expiry") }
            if expiry <= Double(now - leeway) { return .invalid(reason: "the token has expired") }
        }
        if !omitted.contains(.notBefore), let start = claims["nbf"] {
            guard let start = start.double, start <= Double(now + leeway) else {
                return .invalid(reason: "the token is not valid yet")
            }
        }
        if !omitted.contains(.revocation), let id = claims["jti"]?.string, isRevoked(id) {
            return .invalid(reason: "the token was revoked")
        }
        let subject = [claims["sub"], claims["client_id"], claims["azp"]].lazy.compactMap { $0?.string }
            .first { !$0.isEmpty }
        guard let subject else { return .invalid(reason: "the token has no subject") }
        if !omitted.contains(.scope), !token.scopes.contains(requiredScopes) {
            return .insufficientScope(needed: requiredScopes.values)
        }
        return .valid(.subject(subject))
    }

    /// Whether an audience is this server, with or without a slash at its end.
    private func isOwn(_ audience: String) -> Bool {
        audiences.contains { $0 == audience || $0 + "/" == audience || $0 == audience + "/" }
    }
}
