/// Proves with each request that the client has the key that a token is bound to.
///
/// Source: RFC 9449 (DPoP).
public protocol TokenProver: Sendable {
    /// The value of the `DPoP` header of a request.
    ///
    /// - Parameters:
    ///   - url: The URL of the request, without query and fragment.
    ///   - nonce: The newest nonce of the server; nil if it has sent none.
    func proof(of token: String, method: String, url: String, nonce: String?) -> String
}

extension AccessTokens {
    /// A token, and what proves that the client may use it.
    public struct Token: Sendable, ExpressibleByStringLiteral {
        /// The token itself, which is secret.
        public var text: String
        /// Proves possession of the key that the token is bound to; nil for a bearer token.
        public var prover: (any TokenProver)?

        /// Creates a token.
        public init(_ text: String, prover: (any TokenProver)? = nil) {
            self.text = text
            self.prover = prover
        }

        /// Creates a bearer token.
        public init(stringLiteral text: String) {
            self.init(text)
        }

        /// The value of the `Authorization` header.
        var field: String { "\(prover == nil ? "Bearer" : "DPoP") \(text)" }
    }
}
