import JSON
import MCP
import MCPHTTP

/// The requests to the server itself: it must demand a token, and say how to get one.
extension AuthExamination {
    /// The messages that are sent.
    private enum Probe: String {
        case ping
        case initialize

        var body: String {
            switch self {
            case .ping: #"{"jsonrpc":"2.0","id":1,"method":"ping"}"#
            case .initialize:
                #"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"#
                    + #""\#(Revision.latestLegacy.wireName)","capabilities":{},"#
                    + #""clientInfo":{"name":"mcp-test-mcp","version":"1"}}}"#
            }
        }
    }

    /// - Parameter proof: The value of the `DPoP` header, which makes the token a bound one.
    private func send(
        _ probe: Probe,
        token: String? = nil,
        proof: String? = nil
    ) async -> (request: String, outcome: MetadataSearch.Outcome) {
        var fields: [AuthRequest.Field] = [
            .init("Content-Type", "application/json"), .init("Accept", "application/json, text/event-stream"),
        ]
        if let token { fields.append(.init("Authorization", "\(proof == nil ? "Bearer" : "DPoP") \(token)")) }
        if let proof { fields.append(.init("DPoP", proof)) }
        let request = AuthRequest(method: .post, url: url, fields: fields, body: Array(probe.body.utf8))
        let kind = token == nil ? "without a token" : "with a token"
        return ("POST \(url) (\(probe.rawValue) \(kind))", await flow.send(request))
    }

    mutating func examineServer() async {
        let (request, outcome) = await send(.ping)
        guard case .success(let response) = outcome else { return unreachable(outcome, request) }
        if response.status == 401 {
            isDemanded = true
            examineChallenge(of: response, request)
            return await examineDemand()
        }
        let found =
            "no token is demanded"
            + (response.status < 400 ? "" : "; the status may be about the ping, which is outside a session")
        add(.server, .absent, .everyRequest, found, request: request, status: response.status)
        // A server may refuse a ping outside a session for other reasons.
        let (second, answer) = await send(.initialize)
        guard case .success(let response) = answer else { return unreachable(answer, second) }
        if response.status == 401 {
            isDemanded = true
            examineChallenge(of: response, second)
            return await examineDemand()
        }
        examineRefusal(response, second)
        await endSession(response)
    }

    private mutating func unreachable(_ outcome: MetadataSearch.Outcome, _ request: String) {
        guard case .failure(let failure) = outcome else { return }
        isReachable = false
        let advice = failure.advice ?? "Start the server, and check its URL."
        add(.server, .fault, .everyRequest, failure.message, request: request, .unreachable, advice: advice)
    }

    /// A response to a request without a token that is not 401.
    private func examineRefusal(_ response: AuthResponse, _ request: String) {
        let status = response.status
        switch status {
        case 300..<400:
            let place = response.values(of: "Location").first.map { " to \(Redaction.reference($0))" } ?? ""
            wrongStatus("a redirect\(place), which clients do not follow", status, request)
        case 403, 407, 500...: wrongStatus("a refusal that is not 401", status, request)
        case 404, 405:
            add(
                .server,
                .fault,
                .everyRequest,
                "no MCP server at this URL",
                request: request,
                status: status,
                .notFound,
                advice: "Check the path of the URL."
            )
        default:
            add(.server, .absent, .everyRequest, "no token is demanded", request: request, status: status)
        }
    }

    private func wrongStatus(_ found: String, _ status: Int, _ request: String) {
        add(
            .server,
            .fault,
            .challenge,
            "\(found): clients begin an authorization only after 401",
            request: request,
            status: status,
            .wrongStatus,
            advice:
                "Answer a request without a valid token with 401 and WWW-Authenticate: Bearer resource_metadata=\"…\"."
        )
    }

    /// Ends the session that a server without protection has opened for the probe.
    private func endSession(_ response: AuthResponse) async {
        guard let session = response.values(of: "Mcp-Session-Id").first else { return }
        let request = AuthRequest(method: .delete, url: url, fields: [.init("Mcp-Session-Id", session)], body: [])
        _ = await flow.send(request)
    }

    // MARK: - The challenge

    private mutating func examineChallenge(of response: AuthResponse, _ request: String) {
        let challenges = Challenges(parsing: response.values(of: "WWW-Authenticate"))
        challenge = challenges.token
        let example = "WWW-Authenticate: Bearer resource_metadata=\"\(WellKnown.resource(url)[0])\""
        guard let challenge else {
            let found = challenges.all.isEmpty ? "401 without WWW-Authenticate" : "401 without a challenge for Bearer"
            let problem: AuthProblem = challenges.problems.isEmpty ? .challengeMissing : .challengeMalformed
            let affected = "; clients of \(Revision.v2025_06_18.wireName) find the metadata only by it"
            let reason = challenges.problems.first.map { ": \($0)" } ?? affected
            add(.server, .ok, .everyRequest, "a token is demanded", request: request, status: 401)
            return add(.challenge, .warning, .challenge, found + reason, problem, advice: "Send \(example).")
        }
        add(.server, .ok, .everyRequest, "a token is demanded", request: request, status: 401)
        if let reason = challenges.problems.first {
            add(
                .challenge,
                .warning,
                .challenge,
                "a malformed WWW-Authenticate: \(reason)",
                .challengeMalformed,
                advice: "Send \(example)."
            )
        }
        let names = challenge.parameters.map(\.name)
        let found = names.isEmpty ? "no parameters" : names.joined(separator: ", ")
        add(.challenge, .ok, .challenge, "a challenge for Bearer with \(found)")
        examineScope(of: challenge)
    }

    private func examineScope(of challenge: Challenge) {
        guard let scopes = challenge.scopes else {
            return add(
                .challenge,
                .absent,
                .challengeScope,
                "no scope; clients request scopes_supported of the metadata instead"
            )
        }
        guard scopes.contains(ScopeChoice.offlineAccess) else {
            return add(.challenge, .ok, .challengeScope, "the scope \"\(scopes)\"")
        }
        add(
            .challenge,
            .warning,
            .offlineAccess,
            "the challenge names offline_access",
            .offlineAccess,
            advice: "Name only the scopes that the request needs."
        )
    }

    // MARK: - What must be refused

    private func examineDemand() async {
        await examineInvalidToken()
        await examineStream()
    }

    private func examineInvalidToken() async {
        let (request, outcome) = await send(.ping, token: "mcp-test-mcp-invalid-token")
        guard case .success(let response) = outcome else { return }
        let status = response.status
        switch status {
        case 401:
            add(.server, .ok, .invalidToken, "an invalid token is refused", request: request, status: status)
        case 200..<300:
            add(
                .server,
                .fault,
                .invalidToken,
                "a token that no one issued is accepted",
                request: request,
                status: status,
                .invalidTokenAccepted,
                advice: "Verify signature, issuer, audience and expiry of every token before handling a request."
            )
        default:
            add(
                .server,
                .fault,
                .invalidToken,
                "an invalid token is refused with another status than 401, so that clients do not renew it",
                request: request,
                status: status,
                .invalidTokenStatus,
                advice: "Answer an invalid or expired token with 401 and error=\"invalid_token\"."
            )
        }
    }

    private func examineStream() async {
        let get = AuthRequest(method: .get, url: url, fields: [.init("Accept", "text/event-stream")], body: [])
        guard case .success(let response) = await flow.send(get) else { return }
        let request = "GET \(url) (without a token)"
        guard (200..<300).contains(response.status) else {
            let isRefused = response.status == 401
            let found = isRefused ? "a token is demanded" : "no stream"
            return add(
                .server,
                isRefused ? .ok : .absent,
                .everyRequest,
                found,
                request: request,
                status: response.status
            )
        }
        add(
            .server,
            .fault,
            .everyRequest,
            "GET needs no token, although POST does",
            request: request,
            status: response.status,
            .unprotectedMethod,
            advice: "Check the token before the method: for GET and DELETE, too."
        )
    }

    // MARK: - A valid token

    /// Tries the token of the user.
    func examineToken() async {
        guard isDemanded, let token = options.token else { return }
        let (request, outcome) = await send(token)
        guard case .success(let response) = outcome else { return }
        switch response.status {
        case 401: refused(token, request)
        case 403: forbidden(response, request)
        default:
            let isRefused = response.status >= 400
            let remark = isRefused ? "; the status is about the ping, which is outside a session" : ""
            let found = "the token is accepted\(remark)"
            add(.server, .ok, .tokenRequest, found, request: request, status: response.status)
        }
    }

    /// Sends the token of the user, with a proof if it is bound to a key.
    private func send(_ token: String) async -> (request: String, outcome: MetadataSearch.Outcome) {
        guard let key = options.possession else { return await send(.ping, token: token) }
        do throws(AuthFailure) {
            let first = try proof(of: token, by: key, nonce: nil)
            let (request, outcome) = await send(.ping, token: token, proof: first)
            guard case .success(let response) = outcome, response.status == 401,
                let nonce = response.values(of: "DPoP-Nonce").first,
                Challenges(parsing: response.values(of: "WWW-Authenticate")).token?.error == "use_dpop_nonce"
            else { return (request, outcome) }
            return await send(.ping, token: token, proof: try proof(of: token, by: key, nonce: nonce))
        } catch {
            return ("", .failure(AuthHTTPFailure(error.message)))
        }
    }

    private func proof(of token: String, by key: PossessionKey, nonce: String?) throws(AuthFailure) -> String {
        try key.proof("POST", url.withoutQuery, token: token, nonce: nonce, now: flow.now())
    }

    private func refused(_ token: String, _ request: String) {
        var reasons: [String] = []
        if let claims = TokenClaims(token)?.claims {
            let audiences = claims["aud"]?.array?.compactMap(\.string) ?? [claims["aud"]?.string].compactMap(\.self)
            let wanted = resource?["resource"]?.string ?? identifier
            if !audiences.contains(wanted) {
                let named = audiences.isEmpty ? "missing" : audiences.joined(separator: ", ")
                reasons.append("its aud is \(named); expected \(wanted)")
            }
            if let issuer = server?.issuer, let given = claims["iss"]?.string, given != issuer {
                reasons.append("its iss is \(given); expected \(issuer)")
            }
            if let expiry = claims["exp"]?.double, Int64(expiry) <= flow.now() { reasons.append("it has expired") }
        }
        let reason = reasons.isEmpty ? "" : ": \(reasons.joined(separator: "; "))"
        add(
            .server,
            .fault,
            .invalidToken,
            "the token is refused\(reason)",
            request: request,
            status: 401,
            .tokenRefused,
            advice: reasons.isEmpty
                ? "Log in again. If a new token is refused, too, compare issuer and audience that the server expects."
                : "Let the authorization server issue tokens for the resource of each request, and the server accept those."
        )
    }

    private func forbidden(_ response: AuthResponse, _ request: String) {
        let challenge = Challenges(parsing: response.values(of: "WWW-Authenticate")).token
        guard challenge?.error == "insufficient_scope", let scopes = challenge?.scopes else {
            return add(
                .server,
                .fault,
                .insufficientScope,
                "the token is refused with 403, and no challenge names the scopes that are needed",
                request: request,
                status: 403,
                .forbiddenWithoutScope,
                advice:
                    "Send WWW-Authenticate: Bearer error=\"insufficient_scope\", scope=\"…\" with all scopes of the request."
            )
        }
        add(
            .server,
            .ok,
            .insufficientScope,
            "the token lacks scopes; \"\(scopes)\" is demanded",
            request: request,
            status: 403
        )
    }
}
