import Crypto
package import JSON
import TextUtilities

/// Issues access tokens as the issuer of a key.
///
/// Source: RFC 9068, section 2.
package struct TokenMint: Sendable {
    /// The issuer, as the tokens name it.
    package let issuer: String
    /// The key that signs them.
    package let key: SigningKey

    /// What a token says.
    package struct Order: Sendable {
        /// The subject.
        package var subject: String
        /// The client.
        package var client: String
        /// The resource that it is for.
        package var audience: String
        /// The scopes.
        package var scopes: ScopeSet
        /// When it is issued, in seconds since 1970.
        package var issuedAt: Int64
        /// How long it is valid, in seconds.
        package var lifetime: Int64

        /// Creates an order.
        package init(
            subject: String,
            client: String,
            audience: String,
            scopes: ScopeSet,
            issuedAt: Int64,
            lifetime: Int64 = 300
        ) {
            self.subject = subject
            self.client = client
            self.audience = audience
            self.scopes = scopes
            self.issuedAt = issuedAt
            self.lifetime = lifetime
        }
    }

    /// Creates an issuer.
    package init(issuer: String, key: SigningKey) {
        self.issuer = issuer
        self.key = key
    }

    /// The claims of a token.
    package func claims(_ order: Order) -> JSONObject {
        var claims: JSONObject = [
            "iss": .string(issuer), "sub": .string(order.subject), "aud": .string(order.audience),
            "client_id": .string(order.client), "iat": JSONValue(order.issuedAt),
            "exp": JSONValue(order.issuedAt + order.lifetime), "jti": .string(randomIdentifier()),
        ]
        if !order.scopes.isEmpty { claims["scope"] = .string(order.scopes.description) }
        return claims
    }

    /// Signs claims.
    ///
    /// - Throws: ``AuthFailure`` of the kind ``AuthFailure/Kind/invalidKey``.
    package func sign(_ claims: JSONObject) throws(AuthFailure) -> String { try key.sign(claims, type: "at+jwt") }

    /// The document with the public key, for `jwks_uri`.
    ///
    /// - Throws: ``AuthFailure`` of the kind ``AuthFailure/Kind/invalidKey``.
    package func keyDocument() throws(AuthFailure) -> JSONObject { ["keys": [.object(try key.publicJWK())]] }
}

extension SigningKey {
    /// Creates a new P-256 key.
    package static func generate() -> SigningKey { SigningKey(pem: P256.Signing.PrivateKey().pemRepresentation) }

    /// The thumbprint of the public key (RFC 7638).
    ///
    /// - Throws: ``AuthFailure`` of the kind ``AuthFailure/Kind/invalidKey``.
    package func thumbprint() throws(AuthFailure) -> String {
        let jwk = try publicJWK()
        let required = ["crv", "e", "kty", "n", "x", "y"].compactMap { name in jwk[name].map { (name, $0) } }
        let members = required.map { JSONObject.Member(key: $0.0, value: $0.1) }
        let digest = SHA256.hash(data: Array(JSONValue.object(JSONObject(members)).description.utf8))
        return Base64URL.encode(Array(digest))
    }

    /// The same key with its thumbprint as ID.
    ///
    /// - Throws: ``AuthFailure`` of the kind ``AuthFailure/Kind/invalidKey``.
    package func identified() throws(AuthFailure) -> SigningKey {
        var key = self
        key.id = try thumbprint()
        return key
    }
}
