import JSON
package import MCPHTTP

/// What an audit needs to know about the authorization server of a token.
package struct IssuerFacts: Sendable {
    /// The keys; nil if the metadata names none, or they cannot be read.
    package var keys: KeySet?
    /// Where tokens are revoked; nil if the metadata does not name it (RFC 8414, section 2).
    package var revocation: HTTPURL?
}

extension AuthorizationFlow {
    /// Looks for the authorization server of the resource, and what an audit needs of it.
    package func issuerFacts() async -> IssuerFacts {
        let server: ServerMetadata
        do throws(AuthFailure) {
            server = try await discover().server
        } catch {
            // An audit goes on without, and its rows say what is missing.
            return IssuerFacts()
        }
        var facts = IssuerFacts()
        facts.revocation = url("revocation_endpoint", of: server)
        if let url = url("jwks_uri", of: server) {
            if case .success(let response) = await send(.metadata(url)), response.status == 200,
                case .success(let document) = JSONBody.object(response)
            {
                facts.keys = KeySet(document)
            }
        }
        return facts
    }

    private func url(_ name: String, of server: ServerMetadata) -> HTTPURL? {
        guard let text = server.json[name]?.string else { return nil }
        do throws(HTTPURL.Fault) {
            let url = try HTTPURL(text)
            return settings.policy.refusal(of: url) == nil ? url : nil
        } catch {
            return nil
        }
    }

    /// Revokes an access token (RFC 7009), and returns whether the server confirms that.
    ///
    /// - Parameter client: The ID of the client that it was issued to; nil if it is not known.
    package func revoke(_ token: String, at url: HTTPURL, client: String?) async -> Bool {
        trace.hide(token)
        var form = FormParameters([("token", token), ("token_type_hint", "access_token")])
        form.append("client_id", client)
        guard case .success(let response) = await send(.form(form, to: url)) else { return false }
        return response.status == 200
    }
}
