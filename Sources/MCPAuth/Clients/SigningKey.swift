package import JSON

/// A private key that signs JWTs: client assertions, and the tokens of our own issuers.
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
    static let algorithms = SigningAlgorithm.allCases.map(\.rawValue)

    /// The algorithms with which the key can sign, the usual one first; empty if the key cannot be used.
    var usableAlgorithms: [String] { PrivateKey(pem: pem)?.algorithms.map(\.rawValue) ?? [] }

    /// Signs claims as a JWT.
    ///
    /// - Parameters:
    ///   - type: The `typ` of the header.
    ///   - extra: More members of the header.
    /// - Throws: ``AuthFailure`` of the kind ``AuthFailure/Kind/invalidKey``.
    package func sign(_ claims: JSONObject, type: String = "JWT", header extra: JSONObject = [:]) throws(AuthFailure)
        -> String
    {
        let (key, algorithm) = try read()
        var header: JSONObject = ["alg": .string(algorithm.rawValue), "typ": .string(type)]
        if let id { header["kid"] = .string(id) }
        header.members += extra.members
        let text = JSONWebToken.unsigned(header, claims)
        do {
            return "\(text).\(Base64URL.encode(try key.sign(Array(text.utf8), algorithm)))"
        } catch {
            throw unusable("it cannot sign")
        }
    }

    /// The public key as a JSON Web Key for signatures.
    ///
    /// - Throws: ``AuthFailure`` of the kind ``AuthFailure/Kind/invalidKey``.
    package func publicJWK() throws(AuthFailure) -> JSONObject {
        let (key, algorithm) = try read()
        var jwk = key.publicKey.jwk
        jwk["use"] = "sig"
        jwk["alg"] = .string(algorithm.rawValue)
        if let id { jwk["kid"] = .string(id) }
        return jwk
    }

    /// The key and the algorithm to use with it.
    private func read() throws(AuthFailure) -> (PrivateKey, SigningAlgorithm) {
        var named: SigningAlgorithm?
        if let algorithm {
            named = SigningAlgorithm(rawValue: algorithm)
            guard named != nil else {
                let known = Self.algorithms.joined(separator: ", ")
                throw unusable("the algorithm \(algorithm) is unknown; expected \(known)")
            }
        }
        let key = PrivateKey(pem: pem)
        guard let key, let chosen = key.algorithms.first(where: { named == nil || $0 == named }) else {
            throw unusable(
                algorithm.map { "it is not a private key for \($0)" }
                    ?? "it is not an EC, RSA or Ed25519 private key in PEM"
            )
        }
        return (key, chosen)
    }

    private func unusable(_ reason: String) -> AuthFailure {
        AuthFailure(
            .invalidKey,
            "the private key cannot be used: \(reason)",
            advice: "Give an unencrypted private key in PEM (-----BEGIN PRIVATE KEY-----)."
        )
    }
}
