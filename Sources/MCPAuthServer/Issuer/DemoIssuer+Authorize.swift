import MCPAuth
import MCPHTTPServer
import Synchronization
import TextUtilities

// The authorization endpoint: OAuth 2.1 with PKCE, and `iss` in the response (RFC 9207).
extension DemoIssuer {
    func authorize(_ query: FormParameters) async -> SiteResponse {
        guard let id = query["client_id"], let client = await client(id) else {
            return .page(400, "Unknown client", "The client of this request is not registered here.")
        }
        guard let redirect = query["redirect_uri"], Self.isRegistered(redirect, of: client) else {
            return .page(400, "Unknown redirect URI", "The client did not register the redirect URI of this request.")
        }
        let fail = { (code: String, text: String) in
            self.redirect(redirect, query["state"], [("error", code), ("error_description", text)])
        }
        guard query["response_type"] == "code" else { return fail("unsupported_response_type", "expected code") }
        let method = query["code_challenge_method"] ?? "plain"
        guard let challenge = query["code_challenge"] else { return fail("invalid_request", "PKCE is required") }
        guard method == (settings.faults.contains(.noS256) ? "plain" : "S256") else {
            return fail("invalid_request", "the code challenge method is not supported")
        }
        let grant: DemoIssuerState.Grant
        switch self.grant(id, query, subject: query["login_hint"] ?? "demo-user") {
        case .failure(let fault): return fail(fault.code, fault.text)
        case .success(let made): grant = made
        }
        let code = DemoIssuerState.Code(
            grant: grant,
            redirectURI: redirect,
            challenge: challenge,
            method: method,
            expiry: now() + 60
        )
        let request = DemoIssuerState.Request(code: code, state: query["state"])
        guard settings.consent == .page else { return approve(request) }
        let key = randomIdentifier()
        guard add({ $0.requests[key] = request }) else { return fail("temporarily_unavailable", "too many requests") }
        return .page(
            200,
            "Allow access?",
            "\(id) asks for the scopes \"\(grant.scopes)\" of \(grant.resource), and returns to \(redirect).",
            form: Self.form(Page.authorize.rawValue, "request", key)
        )
    }

    static func form(_ action: String, _ name: String, _ value: String) -> String {
        """
        <form method="post" action="\(action)"><input type="hidden" name="\(name)" value="\(value.inHTML)">
        <button name="decision" value="allow">Allow</button> <button name="decision" value="deny">Deny</button></form>
        """
    }

    /// Takes the decision of the user on the page.
    func decide(_ form: FormParameters) -> SiteResponse {
        let request = state.withLock { state in form["request"].flatMap { state.requests.removeValue(forKey: $0) } }
        guard let request else { return .page(400, "Unknown request", "This request was decided already.") }
        guard form["decision"] == "allow" else {
            let error = [("error", "access_denied"), ("error_description", "the user denied access")]
            return redirect(request.code.redirectURI, request.state, error)
        }
        return approve(request)
    }

    private func approve(_ request: DemoIssuerState.Request) -> SiteResponse {
        let code = randomIdentifier()
        guard add({ $0.codes[code] = request.code }) else {
            return redirect(request.code.redirectURI, request.state, [("error", "temporarily_unavailable")])
        }
        return redirect(request.code.redirectURI, request.state, [("code", code)])
    }

    private func redirect(_ uri: String, _ state: String?, _ parameters: [(String, String)]) -> SiteResponse {
        var query = FormParameters()
        for (name, value) in parameters { query.append(name, value) }
        query.append("state", state)
        query.append("iss", settings.issuer)
        return .redirect("\(uri)\(uri.contains("?") ? "&" : "?")\(query.text)")
    }

    /// Why a grant is refused.
    struct GrantFault: Error {
        var code: String
        var text: String
    }

    /// What a client asks for, if it may have that.
    func grant(
        _ client: String,
        _ form: FormParameters,
        subject: String
    ) -> Result<DemoIssuerState.Grant, GrantFault> {
        let resources = form.values(of: "resource")
        guard resources.count <= 1 else {
            return .failure(.init(code: "invalid_target", text: "only one resource is supported"))
        }
        guard let resource = resources.first ?? settings.resources.first,
            settings.resources.contains(where: { $0 == resource || $0 + "/" == resource })
        else { return .failure(.init(code: "invalid_target", text: "the resource is unknown")) }
        let scopes = ScopeSet(parsing: form["scope"] ?? "")
        guard settings.scopes.contains(scopes) else {
            return .failure(.init(code: "invalid_scope", text: "a scope is unknown"))
        }
        return .success(
            .init(client: client, subject: subject, resource: resource, scopes: scopes, family: randomIdentifier())
        )
    }
}
