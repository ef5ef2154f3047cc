package import JSON

/// The public keys of an issuer.
///
/// Source: RFC 7517, section 5.
package struct KeySet: Sendable {
    /// A key of the set.
    package struct Key: Sendable {
        /// The ID; nil if it has none.
        package let id: String?
        /// The only algorithm that it may be used with; nil if it does not say.
        let algorithm: String?
        let key: PublicKey

        /// Whether the signature of a token is valid.
        package func verifies(_ token: JSONWebToken, _ algorithm: SigningAlgorithm) -> Bool {
            if let own = self.algorithm, own != algorithm.rawValue { return false }
            return key.isValid(token.signature, of: token.signedBytes, algorithm)
        }

        /// The key in PEM; nil for Ed25519.
        package var pem: String? { key.pem }
    }

    /// The keys that can verify signatures; others are ignored, as the standard demands.
    package let keys: [Key]

    /// Reads a document; nil if it has no member `keys`.
    package init?(_ document: JSONObject) {
        guard let entries = document["keys"]?.array else { return nil }
        keys = entries.prefix(Self.limit).compactMap { entry in
            guard let jwk = entry.object, jwk["use"].map({ $0.string == "sig" }) ?? true,
                let key = PublicKey(jwk: jwk)
            else { return nil }
            return Key(id: jwk["kid"]?.string, algorithm: jwk["alg"]?.string, key: key)
        }
    }

    /// The maximum number of keys that are read.
    private static let limit = 100

    /// The keys that a token may have been signed with: the one that it names, or all if it names none.
    package func candidates(for token: JSONWebToken) -> [Key] {
        guard let id = token.keyID else { return keys }
        return keys.filter { $0.id == id }
    }
}
