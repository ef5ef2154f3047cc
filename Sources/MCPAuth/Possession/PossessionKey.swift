import Crypto
import JSON
import MCPHTTP
import TextUtilities

/// A key that tokens are bound to: only who can sign with it can use them (DPoP).
///
/// Source: RFC 9449.
public struct PossessionKey: Sendable, Hashable {
    /// The private key, which is secret.
    let key: SigningKey

    /// Takes a key.
    init(_ key: SigningKey) {
        self.key = key
    }

    /// The algorithms that a new key can have, the usual one first.
    static let algorithms: [SigningAlgorithm] = [.es256, .es384, .es512]

    /// Creates a new key.
    ///
    /// - Parameter algorithm: One of ``algorithms``.
    static func generate(_ algorithm: SigningAlgorithm) -> PossessionKey {
        let pem =
            switch algorithm {
            case .es384: P384.Signing.PrivateKey().pemRepresentation
            case .es512: P521.Signing.PrivateKey().pemRepresentation
            default: P256.Signing.PrivateKey().pemRepresentation
            }
        return PossessionKey(SigningKey(pem: pem))
    }

    /// The thumbprint, to which an authorization server binds a code (RFC 9449, section 10).
    func thumbprint() throws(AuthFailure) -> String { try key.thumbprint() }

    /// A proof for one request.
    ///
    /// - Parameters:
    ///   - url: The URL of the request, without query and fragment.
    ///   - token: The access token of the request; nil at the token endpoint.
    ///   - nonce: The newest nonce of the server; nil if it has sent none.
    ///   - now: The time, in seconds since 1970.
    func proof(
        _ method: String,
        _ url: String,
        token: String? = nil,
        nonce: String?,
        now: Int64
    ) throws(AuthFailure) -> String {
        // RFC 9449, section 4.2.
        var claims: JSONObject = [
            "jti": .string(randomIdentifier()), "htm": .string(method), "htu": .string(url), "iat": JSONValue(now),
        ]
        if let token {
            claims["ath"] = .string(Base64URL.encode(Array(SHA256.hash(data: Array(token.utf8)))))
        }
        claims["nonce"] = nonce.map(JSONValue.string)
        var jwk = try key.publicJWK()
        (jwk["use"], jwk["alg"]) = (nil, nil)
        return try key.sign(claims, type: "dpop+jwt", header: ["jwk": .object(jwk)])
    }
}
