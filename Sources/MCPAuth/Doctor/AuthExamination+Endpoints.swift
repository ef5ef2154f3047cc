import JSON
import MCPHTTP

/// What the endpoints of the authorization server answer.
extension AuthExamination {
    private func endpoint(_ endpoint: ServerMetadata.Endpoint) -> HTTPURL? {
        do throws(AuthFailure) {
            return try server?.url(of: endpoint, allowedBy: flow.settings.policy)
        } catch {
            // Reported with the content of the metadata.
            return nil
        }
    }

    // MARK: - Tokens

    /// Sends a code that no one issued: whatever its reason, the refusal must be JSON.
    func examineTokenEndpoint() async {
        guard let endpoint = endpoint(.token) else { return }
        let form = FormParameters([
            ("grant_type", GrantType.code), ("code", "mcp-test-mcp-no-code"), ("client_id", "mcp-test-mcp"),
            ("redirect_uri", redirectURI), ("code_verifier", ProofKey().verifier), ("resource", identifier),
        ])
        let request = "POST \(endpoint) (with an invalid code)"
        let advice = "Let token_endpoint accept a form by POST, and refuse it with 400 or 401 and {\"error\": \"…\"}."
        switch await flow.send(.form(form, to: endpoint)) {
        case .failure(let failure):
            add(
                .token,
                .fault,
                .tokenError,
                failure.message,
                request: request,
                .tokenEndpoint,
                advice: failure.advice ?? "Check the URL of token_endpoint."
            )
        case .success(let response):
            let status = response.status
            switch JSONBody.object(response) {
            case .success(let document) where (400..<500).contains(status) && OAuthError(document) != nil:
                let error = OAuthError(document)?.code ?? ""
                add(.token, .ok, .tokenError, "a refusal as JSON (\(error))", request: request, status: status)
            case .success:
                let found = status < 300 ? "a success for an invalid code" : "JSON without error"
                add(
                    .token,
                    .fault,
                    .tokenError,
                    found,
                    request: request,
                    status: status,
                    .tokenEndpoint,
                    advice: advice
                )
            case .failure(let fault):
                add(
                    .token,
                    .fault,
                    .tokenError,
                    fault.reason,
                    request: request,
                    status: status,
                    .tokenEndpoint,
                    advice: advice
                )
            }
        }
    }

    /// The redirect URI of the host, or one of ours.
    var redirectURI: String { host?.redirectURIs.first ?? "http://127.0.0.1:33418/callback" }

    // MARK: - Browsers

    /// The origin of a client in a browser, such as one that a developer runs.
    private static let origin = "http://localhost:6274"

    /// Asks each endpoint what a browser would ask.
    func examineCrossOrigin() async {
        guard isDemanded, resourceURL != nil || serverURL != nil else { return }
        let metadata = "mcp-protocol-version"
        // The server itself is not among them: many browser clients reach it through a proxy of their own.
        let places: [(url: HTTPURL?, method: String, header: String)] = [
            (resourceURL, "GET", metadata), (serverURL, "GET", metadata),
            (endpoint(.registration), "POST", "content-type"),
            (endpoint(.token), "POST", "content-type"),
        ]
        var allowed: [HTTPURL] = []
        var refused: [(url: HTTPURL, reason: String)] = []
        for place in places {
            guard let url = place.url else { continue }
            if let reason = await refusal(of: url, place.method, place.header) {
                refused.append((url, reason))
            } else {
                allowed.append(url)
            }
        }
        report(allowed, refused)
    }

    private func report(_ allowed: [HTTPURL], _ refused: [(url: HTTPURL, reason: String)]) {
        guard let first = refused.first else {
            let count = "\(allowed.count) endpoint\(allowed.count == 1 ? "" : "s")"
            return add(.crossOrigin, .ok, .crossOrigin, "a page of another origin may use \(count)")
        }
        let others =
            refused.count == 1 ? "" : " and \(refused.count - 1) other endpoint\(refused.count == 2 ? "" : "s")"
        // If some endpoints allow it, the others were forgotten.
        guard needs(.crossOrigin) || !allowed.isEmpty else {
            return add(.crossOrigin, .absent, .crossOrigin, "no CORS: a client in a browser cannot use the endpoints")
        }
        add(
            .crossOrigin,
            needs(.crossOrigin) ? .fault : .warning,
            .crossOrigin,
            "a page of another origin may not use \(first.url)\(others): \(first.reason)",
            .crossOrigin,
            advice: "Answer OPTIONS with 204, Access-Control-Allow-Origin, -Methods and -Headers "
                + "(authorization, content-type, mcp-protocol-version), and send Access-Control-Allow-Origin with every response."
        )
    }

    /// Why a browser may not send a request; nil if it may.
    private func refusal(of url: HTTPURL, _ method: String, _ header: String) async -> String? {
        let request = AuthRequest(
            method: .options,
            url: url,
            fields: [
                .init("Origin", Self.origin), .init("Access-Control-Request-Method", method),
                .init("Access-Control-Request-Headers", header),
            ],
            body: []
        )
        switch await flow.send(request) {
        case .failure(let failure): return failure.message
        case .success(let response):
            guard (200..<300).contains(response.status) else { return "OPTIONS is answered with \(response.status)" }
            let allowed = response.values(of: "Access-Control-Allow-Origin").first
            guard allowed == "*" || allowed == Self.origin else {
                return allowed.map { "only the origin \($0) is allowed" } ?? "no Access-Control-Allow-Origin"
            }
            let headers = response.values(of: "Access-Control-Allow-Headers").joined(separator: ",").lowercased()
            let names = headers.split(separator: ",").map { $0.trimmed }
            // The wildcard does not include this one header.
            let isAllowed = names.contains(header) || (names.contains("*") && header != "authorization")
            return isAllowed || Self.isSafelisted(header) ? nil : "the header \(header) is not allowed"
        }
    }

    /// A form needs no permission for its content type.
    private static func isSafelisted(_ header: String) -> Bool { header == "content-type" }
}
