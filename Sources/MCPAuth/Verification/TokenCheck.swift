/// A check of an access token.
///
/// A server for demonstrations omits single ones on purpose.
package enum TokenCheck: Sendable, Hashable, CaseIterable {
    /// The token is signed at all: `alg` is not `none`.
    case signed
    /// The algorithm is asymmetric.
    case asymmetric
    /// The key is one of the issuer's.
    case keyID
    /// The signature is valid.
    case signature
    /// The issuer is the expected one.
    case issuer
    /// It was issued for this server.
    case audience
    /// It has not expired.
    case expiry
    /// It is already valid.
    case notBefore
    /// It was not revoked, as far as that is known.
    case revocation
    /// It has all scopes that are needed.
    case scope
}
