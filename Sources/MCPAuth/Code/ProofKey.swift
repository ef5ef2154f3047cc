import Crypto

/// A PKCE verifier and its challenge.
///
/// Source: RFC 7636, section 4.
package struct ProofKey: Sendable, Hashable {
    /// The secret that only the token request shows.
    let verifier: String

    /// Creates a key from 256 random bits.
    init() {
        var generator = SystemRandomNumberGenerator()
        verifier = Base64URL.encode((0..<32).map { _ in UInt8.random(in: 0...255, using: &generator) })
    }

    init(verifier: String) {
        self.verifier = verifier
    }

    static let method = "S256"

    /// The SHA-256 hash of the verifier.
    var challenge: String { Self.challenge(of: verifier) }

    /// Computes the S256 challenge for a verifier.
    package static func challenge(of verifier: String) -> String {
        Base64URL.encode(Array(SHA256.hash(data: Array(verifier.utf8))))
    }
}
