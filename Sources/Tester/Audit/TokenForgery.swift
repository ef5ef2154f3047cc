import JSON
import MCPAuth

/// Tokens made from a valid one without the key of the issuer.
struct TokenForgery {
    private let token: JSONWebToken
    private let text: String

    /// Prepares forgeries; nil if the token is not a JWT.
    init?(_ text: String) {
        guard let token = JSONWebToken(text) else { return nil }
        self.token = token
        self.text = text
    }

    /// Without a signature; some libraries compare `none` with its case.
    var unsigned: [String] {
        ["none", "None"].map { name in
            var header = token.header
            header["alg"] = .string(name)
            return "\(JSONWebToken.unsigned(header, token.claims))."
        }
    }

    /// With another subject and the old signature.
    var changed: String {
        var claims = token.claims
        claims["sub"] = "another-user"
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        let body = Base64URL.encode(Array(JSONValue.object(claims).description.utf8))
        return "\(parts[0]).\(body).\(parts[2])"
    }

    /// Signed with HS256 and a public key as secret, in the forms in which servers keep it.
    func confused(_ keys: KeySet) -> [String] {
        let pems = keys.keys.filter { token.keyID == nil || $0.id == nil || $0.id == token.keyID }.compactMap(\.pem)
        return pems.prefix(1).flatMap { pem in [pem, pem + "\n"] }.map { secret in
            var header = token.header
            header["alg"] = .string(SharedSecretSignature.algorithm)
            let body = JSONWebToken.unsigned(header, token.claims)
            let signature = SharedSecretSignature.sign(Array(body.utf8), secret: Array(secret.utf8))
            return "\(body).\(Base64URL.encode(signature))"
        }
    }

    /// Signed with a new key: once under an unknown ID, once with the key in the header, and once under the ID of the
    /// issuer's key.
    ///
    /// - Throws: ``AuthFailure`` if the key cannot be used.
    func foreign() throws(AuthFailure) -> [String] {
        let key = try SigningKey.generate().identified()
        var named = key
        named.id = token.keyID
        let type = token.header["typ"]?.string ?? "JWT"
        return [
            try key.sign(token.claims, type: type),
            try key.sign(token.claims, type: type, header: ["jwk": .object(try key.publicJWK())]),
            try named.sign(token.claims, type: type),
        ]
    }
}
