package import AsyncRuntime
import JSON
import MCPAuth
import MCPHTTPClient

extension AuditTokens {
    /// The tokens for a server that has an authorization server of its own.
    ///
    /// - Parameters:
    ///   - given: The token that the user gave; nil to use the one of a login, or to get one as the given client.
    ///   - revokes: Whether the token may be revoked at the end.
    /// - Throws: ``Failure`` if the target is not a URL.
    package init(
        of target: Target,
        given: String?,
        other: String?,
        _ authorization: TargetAuthorization,
        revokes: Bool,
        for reader: AuditReader = .assistant,
        clock: any Scheduler
    ) async throws(Failure) {
        guard let endpoint = target.endpoint else {
            throw .usage("Only a server with a URL can be audited.", nextStep: "Give its http:// or https:// URL.")
        }
        let flow = try authorization.flow(for: endpoint, on: clock)
        var valid = given
        if valid == nil, let provider = try authorization.provider(for: target, on: clock) {
            do throws(AuthFailure) {
                valid = try await provider.initialToken()
                if valid == nil, provider.canAuthorize {
                    valid = try await provider.token(after: Challenges(parsing: []), refused: nil)
                }
                // A store that cannot be read may have a token.
                if valid == nil { try await provider.checkStore() }
                if let valid, provider.sent(valid).prover != nil {
                    throw AuthFailure(
                        .noProof,
                        "the token is bound to a key (DPoP), and the audit sends bearer tokens only",
                        advice: reader.adviceOnBoundToken
                    )
                }
            } catch {
                throw Failure(error, "No token for \(target.name) could be got", provider.flow.trace)
            }
        }
        let facts = await flow.issuerFacts()
        self.init(valid: valid, other: other, keys: facts.keys)
        guard revokes, let url = facts.revocation else { return }
        revoke = { token in
            await flow.revoke(token, at: url, client: JSONWebToken(token)?.claims["client_id"]?.string)
        }
    }
}
