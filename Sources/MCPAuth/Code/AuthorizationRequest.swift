import MCPHTTP
import TextUtilities

/// An authorization request, and what its callback is compared with.
///
/// Source: RFC 6749, section 4.1.1; 2026-07-28, "Authorization".
struct AuthorizationRequest: Sendable {
    /// The issuer, verbatim, as recorded before the redirect.
    let issuer: String
    /// Whether the callback must have `iss`.
    let requiresIssuer: Bool
    let state: String
    let proofKey: ProofKey
    let redirectURI: String
    let scopes: ScopeSet
    /// The URL for the user's browser.
    let url: HTTPURL

    /// - Parameter thumbprint: The key that the code is to be bound to; nil for none.
    init(
        at endpoint: HTTPURL,
        of server: ServerMetadata,
        client: OAuthClient,
        resource: ResourceIdentifier,
        redirectURI: String,
        scopes: ScopeSet,
        thumbprint: String? = nil
    ) {
        issuer = server.issuer
        requiresIssuer = server.announcesResponseIssuer
        state = randomIdentifier()
        proofKey = ProofKey()
        self.redirectURI = redirectURI
        self.scopes = scopes
        var parameters = FormParameters([
            ("response_type", "code"), ("client_id", client.id), ("redirect_uri", redirectURI),
            ("code_challenge", proofKey.challenge), ("code_challenge_method", ProofKey.method), ("state", state),
            ("resource", resource.text),
        ])
        if !scopes.isEmpty { parameters.append("scope", scopes.description) }
        // RFC 9449, section 10.
        parameters.append("dpop_jkt", thumbprint)
        // OpenID Connect ignores offline_access without it.
        if scopes.contains(ScopeChoice.offlineAccess) { parameters.append("prompt", "consent") }
        var url = endpoint
        url.query = endpoint.query.map { $0.isEmpty ? parameters.text : "\($0)&\(parameters.text)" } ?? parameters.text
        self.url = url
    }

    /// The code of a callback.
    ///
    /// The issuer is checked before anything else of the callback is used or shown.
    ///
    /// - Throws: ``AuthFailure``.
    func code(of callback: Callback) throws(AuthFailure) -> String {
        guard callback.problem == nil else {
            throw AuthFailure(.malformedCallback, "the redirect back cannot be used: \(callback.problem ?? "")")
        }
        guard callback.state == state else {
            throw AuthFailure(
                .stateMismatch,
                "the redirect back has \(callback.state == nil ? "no state" : "the state of another request")",
                advice: "Begin again, and use the URL of this attempt only.",
                rule: .state
            )
        }
        try checkIssuer(callback.issuer)
        if let error = callback.error {
            let isDenied = error.code == "access_denied"
            throw AuthFailure(
                .denied,
                "the authorization server \(isDenied ? "reports that access was denied" : "refused"): \(error)",
                advice: Self.advice(error.code),
                code: error.code
            )
        }
        guard let code = callback.code, !code.isEmpty else {
            throw AuthFailure(.malformedCallback, "the redirect back has neither a code nor an error")
        }
        return code
    }

    /// Source: RFC 9207, section 2.4: a plain comparison, without normalization.
    private func checkIssuer(_ given: String?) throws(AuthFailure) {
        let advice = "Do not use this response: it may come from another authorization server."
        guard let given else {
            guard requiresIssuer else { return }
            throw AuthFailure(
                .responseIssuerMismatch,
                "the redirect back has no iss, although the metadata of \(issuer) announces it",
                advice: advice,
                rule: .responseIssuer
            )
        }
        guard Array(given.utf8) == Array(issuer.utf8) else {
            throw AuthFailure(
                .responseIssuerMismatch,
                "the redirect back has another iss than \(issuer)",
                advice: advice,
                rule: .responseIssuer
            )
        }
    }

    private static func advice(_ code: String) -> String? {
        switch code {
        case "invalid_scope": "Request other scopes: --auth-scope."
        case "unauthorized_client", "invalid_client":
            "Check the client's registration: redirect URI, grant types and scopes."
        case "access_denied": "Begin again and agree, or ask the administrator of the authorization server for access."
        case "invalid_target": "The authorization server does not know the resource: register it there."
        case "server_error", "temporarily_unavailable": "Check the log of the authorization server."
        default: nil
        }
    }
}
