import MCPAuth
import MCPHTTP

/// The reader of an audit: what a check needs is a noun phrase that names parameters for an assistant, options for a person.
package enum AuditReader: Sendable {
    /// An assistant that calls the tool.
    case assistant
    /// A person who runs the command.
    case person

    var issuer: String {
        let needed = "an issuer that the server trusts and whose key the audit has"
        return switch self {
        case .assistant: "\(needed): `issuer`"
        case .person: "\(needed): --issuer-port, or --issuer-url with --issuer-key"
        }
    }

    var scope: String {
        let needed = "the scope that the server requires for every request, if it requires one"
        return switch self {
        case .assistant: "\(needed): `scope` of `issuer`"
        case .person: "\(needed): --issuer-scope"
        }
    }

    var otherUser: String {
        switch self {
        case .assistant: "a token of another user: `other_token`, or `issuer`"
        case .person: "a token of another user: --other-token, or --issuer-port"
        }
    }

    var revocation: String {
        switch self {
        case .assistant: "`revoke`, which revokes the given token at its authorization server"
        case .person: "--revoke, which revokes the given token at its authorization server"
        }
    }

    /// What to do if the server does not accept the tokens of the issuer.
    func adviceOnUntrusted(_ issuer: AuditIssuer) -> String {
        let key =
            switch self {
            case .assistant: "`key_file` of `issuer`"
            case .person: "--issuer-key"
            }
        return
            "Let the server trust the issuer \(issuer.mint.issuer) and the audience \(issuer.audience). If it does, it "
            + "may still have the key of an earlier audit: restart it, or keep one key (\(key))."
    }

    /// What to do if the server refuses the valid token because of its scopes.
    ///
    /// - Parameter scopes: The scopes that the server names; empty if it names none.
    func advice(onScopes scopes: ScopeSet, hasIssuer: Bool) -> String {
        let named = scopes.isEmpty ? "that the server requires" : "\"\(scopes)\", which the server requires"
        guard hasIssuer else { return "Give a token with the scope \(named)." }
        return switch self {
        case .assistant: "Give the test tokens the scope \(named): `scope` of `issuer`."
        case .person: "Give the test tokens the scope \(named): --issuer-scope."
        }
    }

    /// What to do without a token.
    func adviceWithoutToken(for server: HTTPURL) -> String {
        switch self {
        case .assistant: "Log in with connect_to_server, or give a token (`auth`) or an issuer (`issuer`)."
        case .person: "Log in: mcp-test-mcp auth login \(server). Or give --auth-token, or --issuer-port."
        }
    }

    /// What to do if the token is bound to a key.
    var adviceOnBoundToken: String {
        switch self {
        case .assistant: "Give another token (`auth`), or an issuer (`issuer`)."
        case .person: "Give another token (--auth-token), or an issuer (--issuer-port)."
        }
    }
}
