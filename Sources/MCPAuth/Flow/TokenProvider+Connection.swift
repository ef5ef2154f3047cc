import JSON
public import MCPHTTPClient

extension TokenProvider {
    /// Lets the requests of a connection get other tokens while it is open.
    ///
    /// - Parameter onToken: Called with each new token before it is sent, such as to learn a secret.
    public func renew(_ tokens: AccessTokens, onToken: @escaping @Sendable (String) -> Void = { _ in }) {
        tokens.onRefusal { [self] refusal in
            let challenges = Challenges(parsing: refusal.challenges)
            do throws(AuthFailure) {
                let token: String
                if refusal.status == 401 {
                    token = try await self.token(
                        after: challenges,
                        refused: refusal.token,
                        isRepeated: refusal.isRepeated
                    )
                } else if challenges.token?.error == "insufficient_scope" {
                    token = try await self.token(withScopesOf: challenges, isNewOperation: !refusal.isRepeated)
                } else {
                    return .unrelated
                }
                onToken(token)
                return .token(sent(token))
            } catch {
                let steps = JSONValue.array(flow.trace.steps.map { .object($0.json) })
                return .failed(
                    AccessTokens.Reason(error.message, advice: error.advice, evidence: ["authorization": steps])
                )
            }
        }
    }
}
