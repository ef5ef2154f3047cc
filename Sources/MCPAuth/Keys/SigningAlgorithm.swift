/// An algorithm with which a JWT is signed: asymmetric ones only.
///
/// `none` and the algorithms with a shared secret are missing on purpose. A server that accepts them together with public keys
/// accepts forged tokens.
///
/// Source: RFC 7518, section 3.1; RFC 8037, section 3.1; RFC 8725, section 3.1.
package enum SigningAlgorithm: String, Sendable, Hashable, CaseIterable {
    case es256 = "ES256"
    case es384 = "ES384"
    case es512 = "ES512"
    case rs256 = "RS256"
    case rs384 = "RS384"
    case rs512 = "RS512"
    case ps256 = "PS256"
    case ps384 = "PS384"
    case ps512 = "PS512"
    case edDSA = "EdDSA"
}
