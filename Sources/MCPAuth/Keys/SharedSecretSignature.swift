import Crypto

/// The signature of HS256, which only forged tokens have.
///
/// A server that takes its public key for the shared secret accepts them.
///
/// Source: RFC 7518, section 3.2; RFC 8725, section 2.1.
package enum SharedSecretSignature {
    /// The name of the algorithm.
    package static let algorithm = "HS256"

    /// Signs a message.
    package static func sign(_ message: [UInt8], secret: [UInt8]) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: message, using: SymmetricKey(data: secret)))
    }
}
