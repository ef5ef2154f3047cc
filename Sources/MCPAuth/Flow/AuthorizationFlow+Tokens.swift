import AsyncRuntime
import JSON
import MCPHTTP

extension AuthorizationFlow {
    /// Exchanges a grant that needs no user.
    func exchange(
        _ grant: TokenRequest.Grant,
        _ request: TokenRequest,
        _ scopes: ScopeSet,
        _ rule: AuthRule,
        previous: String? = nil
    ) async throws(AuthFailure) -> TokenSet {
        let outcome = try await send(request, grant)
        switch read(outcome, of: request, scopes, rule, previous: previous) {
        case .success(let tokens): return tokens
        case .failure(let failure): throw failure
        }
    }

    /// Lets the user agree in a browser, and exchanges the code.
    func exchange(
        _ interaction: CodeInteraction,
        _ redirectURI: String,
        _ request: TokenRequest,
        _ server: ServerMetadata,
        _ scopes: ScopeSet
    ) async throws(AuthFailure) -> TokenSet {
        let endpoint = try server.requiredURL(of: .authorization, allowedBy: settings.policy)
        let authorization = AuthorizationRequest(
            at: endpoint,
            of: server,
            client: request.client,
            resource: request.resource,
            redirectURI: redirectURI,
            scopes: scopes,
            thumbprint: try request.possession?.thumbprint()
        )
        trace.hide(authorization.proofKey.verifier)
        trace.add(
            AuthStep(
                .authorization,
                .ok,
                .resourceParameter,
                "an authorization request for \(request.resource), with PKCE and state",
                request: "GET \(endpoint)"
            )
        )
        do throws(AuthFailure) {
            let callback = try await interaction.callback(authorization.url, authorization.state)
            trace.hide(callback.code)
            let code = try authorization.code(of: callback)
            let found = callback.issuer == nil ? "a code; no iss, which is not announced" : "a code with the right iss"
            trace.add(AuthStep(.callback, .ok, .responseIssuer, found))
            let grant = TokenRequest.Grant.code(
                code,
                redirectURI: redirectURI,
                verifier: authorization.proofKey.verifier
            )
            let tokens = try await exchange(grant, request, scopes, .tokenRequest)
            await interaction.finished(nil)
            return tokens
        } catch {
            if let rule = error.rule, rule == .state || rule == .responseIssuer {
                trace.add(AuthStep(.callback, .fault, rule, error.message, advice: error.advice))
            } else if error.kind == .denied || error.kind == .malformedCallback || error.kind == .consentTimeout {
                // What a user does breaks no rule.
                let rule = error.kind == .malformedCallback ? AuthRule.authorizationRequest : nil
                trace.add(AuthStep(.callback, .fault, rule, error.message, advice: error.advice))
            }
            // The browser's page shows it.
            await interaction.finished(trace.redact(error))
            throw error
        }
    }

    /// Lets the user agree on any device, and polls until then.
    func exchange(
        showing show: @Sendable (DevicePrompt) async -> Void,
        _ request: TokenRequest,
        _ server: ServerMetadata,
        _ scopes: ScopeSet
    ) async throws(AuthFailure) -> TokenSet {
        let endpoint = try server.requiredURL(of: .deviceAuthorization, allowedBy: settings.policy)
        let beginning = TokenRequest(
            client: request.client,
            method: request.method,
            resource: request.resource,
            endpoint: endpoint,
            issuer: request.issuer
        )
        let outcome = await send(try await beginning.deviceAuthorization(scopes, now: now()))
        let start = try readDeviceAuthorization(outcome, from: endpoint)
        trace.hide(start.deviceCode)
        await show(start.prompt)
        var polling = DevicePolling(start, limit: settings.limits.consent, clock: clock)
        while true {
            await clock.wait(for: polling.interval)
            try checkCancellation()
            guard !polling.isExpired(at: clock.now) else {
                throw AuthFailure(
                    .consentTimeout,
                    "the user did not agree within \(polling.lifetimeText)",
                    advice: "Begin again, and enter the new code."
                )
            }
            let outcome = try await send(request, .deviceCode(start.deviceCode))
            if polling.mustGoOn(after: outcome) { continue }
            switch read(outcome, of: request, scopes, .deviceGrant, previous: nil) {
            case .success(let tokens): return tokens
            case .failure(var failure):
                if failure.code == "access_denied" { failure.kind = .denied }
                if failure.code == "expired_token" { failure.kind = .consentTimeout }
                throw failure
            }
        }
    }

    private func readDeviceAuthorization(
        _ outcome: MetadataSearch.Outcome,
        from endpoint: HTTPURL
    ) throws(AuthFailure) -> DeviceAuthorization {
        let (response, document) = try document(outcome, from: endpoint, .deviceAuthorization, .deviceGrant)
        do throws(JSONBody.Fault) {
            let start = try DeviceAuthorization(document)
            trace.add(
                AuthStep(
                    .deviceAuthorization,
                    .ok,
                    .deviceGrant,
                    "a user code",
                    request: "POST \(endpoint)",
                    status: response.status
                )
            )
            return start
        } catch {
            trace.add(
                AuthStep(
                    .deviceAuthorization,
                    .fault,
                    .deviceGrant,
                    error.reason,
                    request: "POST \(endpoint)",
                    status: response.status
                )
            )
            throw AuthFailure(.malformedResponse, "\(endpoint) returned \(error.reason)", rule: .deviceGrant)
        }
    }

    // MARK: - Responses

    private func read(
        _ outcome: MetadataSearch.Outcome,
        of sent: TokenRequest,
        _ scopes: ScopeSet,
        _ rule: AuthRule,
        previous: String?
    ) -> Result<TokenSet, AuthFailure> {
        do throws(AuthFailure) {
            let endpoint = sent.endpoint
            let (response, document) = try document(outcome, from: endpoint, .token, rule)
            // Before anything of the response is recorded.
            for name in ["access_token", "refresh_token", "id_token"] { trace.hide(document[name]?.string) }
            let request = "POST \(endpoint)"
            let isBound = sent.possession != nil
            switch TokenSet.read(document, requested: scopes, now: now(), previous: previous, isBound: isBound) {
            case .failure(let fault):
                trace.add(AuthStep(.token, .fault, rule, fault.reason, request: request, status: response.status))
                throw AuthFailure(
                    .malformedResponse,
                    "\(endpoint) returned \(fault.reason)",
                    advice: isBound ? "Let the authorization server support DPoP, or use a bearer token." : nil,
                    rule: rule
                )
            case .success((let tokens, let warning)):
                let rotated = previous != nil && tokens.refreshToken != previous ? ", and a new refresh token" : ""
                let lifetime = tokens.expiresAt.map { " for \($0 - now()) s" } ?? " without expires_in"
                trace.add(
                    AuthStep(
                        .token,
                        warning == nil ? .ok : .warning,
                        rule,
                        "a token\(lifetime)\(rotated)\(warning.map { "; \($0)" } ?? "")",
                        request: request,
                        status: response.status
                    )
                )
                return .success(tokens)
            }
        } catch {
            return .failure(error)
        }
    }

    /// The JSON object of a response with status 200.
    func document(
        _ outcome: MetadataSearch.Outcome,
        from endpoint: HTTPURL,
        _ purpose: AuthStep.Purpose,
        _ rule: AuthRule
    ) throws(AuthFailure) -> (AuthResponse, JSONObject) {
        let request = "POST \(endpoint)"
        let response: AuthResponse
        switch outcome {
        case .failure(let error):
            trace.add(AuthStep(purpose, .fault, rule, error.message, request: request, advice: error.advice))
            throw AuthFailure(
                error.isRefusedAddress ? .refusedAddress : .unreachable,
                error.message,
                advice: error.advice,
                rule: error.isRefusedAddress ? .addresses : nil
            )
        case .success(let received): response = received
        }
        let fault: (kind: AuthFailure.Kind, found: String, code: String?)
        switch JSONBody.object(response) {
        case .success(let document) where response.status == 200: return (response, document)
        case .success(let document):
            let refusal = OAuthError(document)
            fault = (
                .tokenRefused, refusal.map { "\($0)" } ?? "status \(response.status) without an error code",
                refusal?.code
            )
        case .failure(let problem):
            let status = response.status == 200 ? "" : " with status \(response.status)"
            fault = (.malformedResponse, problem.reason + status, nil)
        }
        let advice = Self.advice(fault.code) ?? (fault.kind == .malformedResponse ? Self.bodyAdvice : nil)
        trace.add(
            AuthStep(purpose, .fault, rule, fault.found, request: request, status: response.status, advice: advice)
        )
        throw AuthFailure(
            fault.kind,
            "\(endpoint) returned \(fault.found)",
            advice: advice,
            rule: rule,
            code: fault.code
        )
    }

    private static let bodyAdvice =
        "Let this endpoint answer with JSON, even if it refuses. A proxy or a login page may have answered instead."

    private static func advice(_ code: String?) -> String? {
        switch code {
        case "invalid_client":
            "Check the client's ID, secret or key, and the authentication method it is registered with."
        case "invalid_grant":
            "Log in again: the code or refresh token has expired, or was issued to another client."
        case "unauthorized_client": "Let the authorization server allow this grant type for the client."
        case "unsupported_grant_type": "Use a grant type that the authorization server supports."
        case "invalid_scope": "Request other scopes: --auth-scope."
        case "invalid_target": "The authorization server does not know the resource: register it there."
        case "invalid_dpop_proof", "use_dpop_nonce":
            "Check how the authorization server verifies proofs (RFC 9449, section 4.3): URL, time, algorithm and nonce."
        default: nil
        }
    }
}
