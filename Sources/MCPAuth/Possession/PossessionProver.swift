import MCPHTTPClient

/// Proves possession of a key with each request of a connection.
struct PossessionProver: TokenProver {
    let key: PossessionKey
    let now: @Sendable () -> Int64

    func proof(of token: String, method: String, url: String, nonce: String?) -> String {
        do throws(AuthFailure) {
            return try key.proof(method, url, token: token, nonce: nonce, now: now())
        } catch {
            // A key that signed for the token endpoint can sign. Without a proof, the server says what is missing.
            return ""
        }
    }
}
