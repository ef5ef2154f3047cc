import JWTKit

/// A private key that signs client assertions.
public struct SigningKey: Sendable, Hashable {
    /// The key in PEM, which is secret.
    public var pem: String
    /// The JWS algorithm, such as `ES256`; nil to choose it by the key.
    public var algorithm: String?
    /// The ID of the key; nil to send none.
    public var id: String?

    /// Creates a key.
    public init(pem: String, algorithm: String? = nil, id: String? = nil) {
        self.pem = pem
        self.algorithm = algorithm
        self.id = id
    }

    /// The algorithms that can be named.
    static let algorithms = ["ES256", "ES384", "ES512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "EdDSA"]

    /// Signs claims as a JWT.
    ///
    /// - Throws: ``AuthFailure`` of the kind ``AuthFailure/Kind/invalidKey``.
    func sign(_ claims: AssertionClaims) async throws(AuthFailure) -> String {
        let keys = JWTKeyCollection()
        do {
            try await add(to: keys)
            var header = JWTHeader()
            header.typ = "JWT"
            if let id { header.kid = id }
            // The collection finds a key by its ID, and this one has none there.
            return try await keys.sign(claims, kid: nil, header: header)
        } catch let failure as AuthFailure {
            throw failure
        } catch {
            throw unusable("it cannot sign")
        }
    }

    private func add(to keys: JWTKeyCollection) async throws {
        let names = algorithm.map { [$0] } ?? ["ES256", "ES384", "ES512", "EdDSA", "RS256"]
        guard names.allSatisfy(Self.algorithms.contains) else {
            throw unusable("the algorithm \(names[0]) is unknown; expected \(Self.algorithms.joined(separator: ", "))")
        }
        for name in names where try await isAdded(to: keys, as: name) { return }
        throw unusable(
            algorithm.map { "it is not a private key for \($0)" }
                ?? "it is not an EC, RSA or Ed25519 private key in PEM"
        )
    }

    /// Whether the key could be added for this algorithm; false if it is a key of another kind.
    private func isAdded(to keys: JWTKeyCollection, as name: String) async throws -> Bool {
        let kid = id.map(JWKIdentifier.init(string:))
        do {
            switch name {
            case "ES256": await keys.add(ecdsa: try ES256PrivateKey(pem: pem), kid: kid)
            case "ES384": await keys.add(ecdsa: try ES384PrivateKey(pem: pem), kid: kid)
            case "ES512": await keys.add(ecdsa: try ES512PrivateKey(pem: pem), kid: kid)
            case "EdDSA": await keys.add(eddsa: try EdDSA.PrivateKey(pem: pem), kid: kid)
            default:
                let key = try Insecure.RSA.PrivateKey(pem: pem)
                let digest: DigestAlgorithm =
                    name.hasSuffix("256") ? .sha256 : name.hasSuffix("384") ? .sha384 : .sha512
                if name.hasPrefix("PS") {
                    await keys.add(pss: key, digestAlgorithm: digest, kid: kid)
                } else {
                    await keys.add(rsa: key, digestAlgorithm: digest, kid: kid)
                }
            }
            return true
        } catch {
            // The library tells key kinds apart only by failing.
            return false
        }
    }

    private func unusable(_ reason: String) -> AuthFailure {
        AuthFailure(
            .invalidKey,
            "the private key cannot be used: \(reason)",
            advice: "Give an unencrypted private key in PEM (-----BEGIN PRIVATE KEY-----)."
        )
    }
}

/// The claims of a client assertion.
///
/// Source: RFC 7523, section 3.
struct AssertionClaims: JWTPayload {
    var iss: String
    var sub: String
    var aud: String
    var iat: Int64
    var exp: Int64
    var jti: String

    /// Our own assertion needs no check.
    func verify(using algorithm: some JWTAlgorithm) async throws {}
}
