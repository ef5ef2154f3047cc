import JSON
import MCPAuth
import MCPHTTP

/// One audit: the checks in order, and what they yielded.
final class AuditRun {
    private let probe: AuditProbe
    private let tokens: AuditTokens
    private let valid: String?
    private let now: @Sendable () -> Int64

    private(set) var rows: [AuditRow] = []
    /// Tokens that were sent.
    private(set) var secrets: [String] = []
    /// Why tokens cannot be checked; nil if they can.
    private(set) var obstacle: Failure?
    /// The response to the valid token if the server did not accept it.
    private var refused: AuditProbe.Response?
    private var opening = AuditProbe.Opening.initialize
    /// What the server demands of a request without a token.
    private var demandedScopes = ScopeSet()

    private let reader: AuditReader

    init(
        _ probe: AuditProbe,
        _ tokens: AuditTokens,
        valid: String?,
        for reader: AuditReader,
        now: @escaping @Sendable () -> Int64
    ) {
        self.reader = reader
        self.probe = probe
        self.tokens = tokens
        self.valid = valid
        self.now = now
    }

    func perform() async {
        let isUsable = await checkValidToken()
        await checkNoToken()
        guard isUsable, let valid else {
            if let refused { explain(refused) }
            let checked = Set(rows.map(\.check))
            for check in AuditCheck.allCases where !checked.contains(check) {
                add(check, .inconclusive, remark: "a token that the server accepts")
            }
            return
        }
        for (check, change) in Self.issued { await checkIssued(check, change) }
        await checkForgeries(of: valid)
        await checkScope()
        await checkQuery(valid)
        await checkSession(valid)
        await checkRevocation(valid)
    }

    private func add(_ check: AuditCheck, _ verdict: AuditRow.Verdict, _ received: String? = nil, remark: String? = nil)
    {
        rows.append(AuditRow(check: check, verdict: verdict, received: received, remark: remark))
    }

    // MARK: - The beginning

    /// Whether the server accepts the valid token; without that, refusals prove nothing.
    private func checkValidToken() async -> Bool {
        guard let valid else {
            obstacle = failure("no token is known that the server accepts", reader.adviceWithoutToken(for: probe.url))
            return false
        }
        do throws(AuditFault) {
            var response = try await probe.open(.initialize, token: valid)
            if !response.isAccepted, !response.isRefused {
                let other = try await probe.open(.discover, token: valid)
                if other.isAccepted || other.isRefused { (opening, response) = (.discover, other) }
            }
            if response.isAccepted { return true }
            refused = response
        } catch {
            obstacle = failure(error.reason, "Check that the server runs at this URL.", .transport, .transportError)
        }
        return false
    }

    /// Says why the server does not accept the valid token, as far as its response tells.
    private func explain(_ response: AuditProbe.Response) {
        let verb = response.isRefused ? "refuses" : "responds to"
        let reason = "the server \(verb) the valid token with \(response.text)"
        guard response.status == 403 else {
            let advice = tokens.issuer.map { reader.adviceOnUntrusted($0) } ?? "Give a token that the server accepts."
            obstacle = failure(reason, advice)
            return
        }
        // The token was understood, but does not suffice.
        let scopes = (response.challenges.token?.scopes ?? ScopeSet()).union(demandedScopes)
        let remark = response.namesScopes ? "" : ", so that a client does not learn which scopes it needs"
        obstacle = failure(reason + remark, reader.advice(onScopes: scopes, hasIssuer: tokens.issuer != nil))
        judgeScopes(response)
    }

    private func failure(
        _ reason: String,
        _ advice: String,
        _ failureClass: FailureClass = .auth,
        _ code: ErrorType = .connectionFailed
    ) -> Failure {
        let message = "The audit of \(probe.url) could not check tokens: \(reason.asSentence)"
        var failure = Failure(failureClass, code, message, nextStep: advice)
        failure.outcome = .error
        return failure
    }

    private func checkNoToken() async {
        do throws(AuditFault) {
            let response = try await probe.open(opening, token: nil)
            demandedScopes = response.challenges.token?.scopes ?? ScopeSet()
            judge(.noToken, response)
        } catch {
            add(.noToken, .inconclusive, remark: error.reason)
        }
    }

    /// Judges a response to something that must be refused.
    private func judge(_ check: AuditCheck, _ response: AuditProbe.Response) {
        switch response.status {
        case 401: add(check, .ok, response.text)
        case 403: add(check, .warning, response.text, remark: "refused, but the status should be 401")
        case 400, 404, 405: add(check, .warning, response.text, remark: "not served, but the status should be 401")
        case 200..<300 where response.isAccepted:
            add(check, .fault, response.text, remark: "the server served the request")
        default: add(check, .inconclusive, response.text, remark: "a status that says whether the request was refused")
        }
    }

    /// Sends tokens of which none may be accepted, until one is.
    private func send(_ check: AuditCheck, _ variants: [String]) async {
        var last: AuditProbe.Response?
        do throws(AuditFault) {
            for token in variants {
                secrets.append(token)
                let response = try await probe.open(opening, token: token)
                last = response
                if response.isAccepted || !response.isRefused { break }
            }
            if let last { judge(check, last) }
        } catch {
            add(check, .inconclusive, remark: error.reason)
        }
    }

    // MARK: - Tokens

    private static let hour: Int64 = 3600

    private typealias Change = @Sendable (inout JSONObject, _ now: Int64) -> Void

    /// The tokens that only the issuer can make.
    private static let issued: [(AuditCheck, Change)] = [
        (
            .expired,
            { claims, now in
                claims["iat"] = JSONValue(now - 2 * hour)
                claims["exp"] = JSONValue(now - hour)
            }
        ),
        (
            .notYetValid,
            { claims, now in
                claims["nbf"] = JSONValue(now + hour)
                claims["exp"] = JSONValue(now + 2 * hour)
            }
        ),
        (.wrongAudience, { claims, _ in claims["aud"] = "https://other.example/mcp" }),
        (.wrongIssuer, { claims, _ in claims["iss"] = "https://other.example" }),
    ]

    private func checkIssued(_ check: AuditCheck, _ change: Change) async {
        guard let issuer = tokens.issuer else { return add(check, .inconclusive, remark: reader.issuer) }
        do throws(AuthFailure) {
            let now = now()
            await send(check, [try issuer.token(now: now) { change(&$0, now) }])
        } catch {
            add(check, .inconclusive, remark: error.message)
        }
    }

    private func checkForgeries(of valid: String) async {
        guard let forgery = TokenForgery(valid) else {
            let needed = "a token that is a JWT; this one is opaque"
            for check in [AuditCheck.unsigned, .keyConfusion] { add(check, .inconclusive, remark: needed) }
            let last = valid.last == "A" ? "B" : "A"
            await send(.changedPayload, ["\(valid.dropLast())\(last)"])
            return add(.unknownKey, .inconclusive, remark: needed)
        }
        await send(.unsigned, forgery.unsigned)
        let confused = tokens.keys.map(forgery.confused) ?? []
        if confused.isEmpty {
            add(.keyConfusion, .inconclusive, remark: "the public key of the issuer, from the jwks_uri of its metadata")
        } else {
            await send(.keyConfusion, confused)
        }
        await send(.changedPayload, [forgery.changed])
        do throws(AuthFailure) {
            await send(.unknownKey, try forgery.foreign())
        } catch {
            add(.unknownKey, .inconclusive, remark: error.message)
        }
    }

    private func checkScope() async {
        guard let issuer = tokens.issuer else { return add(.missingScope, .inconclusive, remark: reader.issuer) }
        do {
            let token = try issuer.token(now: now()) { $0["scope"] = nil }
            secrets.append(token)
            let response = try await probe.open(opening, token: token)
            if response.isAccepted {
                guard issuer.scopes.isEmpty, demandedScopes.isEmpty else {
                    let scopes = issuer.scopes.union(demandedScopes)
                    return add(.missingScope, .fault, response.text, remark: "the server demands \"\(scopes)\"")
                }
                return add(.missingScope, .inconclusive, response.text, remark: reader.scope)
            }
            guard response.status == 403 else {
                guard response.status == 401 else { return judge(.missingScope, response) }
                return add(.missingScope, .warning, response.text, remark: "refused, but the status should be 403")
            }
            judgeScopes(response)
        } catch {
            let reason = (error as? AuditFault)?.reason ?? (error as? AuthFailure)?.message
            add(.missingScope, .inconclusive, remark: reason)
        }
    }

    /// Judges a 403: it has to name the scopes.
    private func judgeScopes(_ response: AuditProbe.Response) {
        guard !response.namesScopes else { return add(.missingScope, .ok, response.text) }
        let remark = "refused, but a client does not learn which scopes it needs"
        add(.missingScope, .warning, response.text, remark: remark)
    }

    private func checkQuery(_ valid: String) async {
        do throws(AuditFault) {
            judge(.tokenInQuery, try await probe.open(opening, token: valid, inQuery: true))
        } catch {
            add(.tokenInQuery, .inconclusive, remark: error.reason)
        }
    }

    // MARK: - Sessions

    private func checkSession(_ valid: String) async {
        let checks = [AuditCheck.foreignSession, .sessionWithoutToken]
        do throws(AuditFault) {
            guard case .initialize = opening,
                case let response = try await probe.open(.initialize, token: valid, keepsSession: true),
                let session = response.session
            else {
                for check in checks { add(check, .inconclusive, remark: "a server with sessions; this one has none") }
                return
            }
            guard try await probe.ping(session, response.revision, token: valid).isAccepted else {
                for check in checks { add(check, .inconclusive, remark: "a session in which ping gets a result") }
                return try await probe.close(session, token: valid)
            }
            try await checkForeignSession(session, response.revision)
            judge(.sessionWithoutToken, try await probe.ping(session, response.revision, token: nil))
            try await probe.close(session, token: valid)
        } catch {
            for check in checks where !rows.contains(where: { $0.check == check }) {
                add(check, .inconclusive, remark: error.reason)
            }
        }
    }

    private func checkForeignSession(_ session: String, _ revision: String?) async throws(AuditFault) {
        var other = tokens.other
        if let issuer = tokens.issuer {
            do throws(AuthFailure) {
                other = try issuer.token(of: "another-audit-user", now: now()) { $0["client_id"] = "another-client" }
            } catch {
                return add(.foreignSession, .inconclusive, remark: error.message)
            }
        }
        guard let other else {
            return add(.foreignSession, .inconclusive, remark: reader.otherUser)
        }
        secrets.append(other)
        let control = try await probe.open(.initialize, token: other)
        guard control.isAccepted else {
            return add(.foreignSession, .inconclusive, control.text, remark: "a token of another user that is accepted")
        }
        let response = try await probe.ping(session, revision, token: other)
        switch response.status {
        case 401, 403, 404: add(.foreignSession, .ok, response.text)
        default: judge(.foreignSession, response)
        }
    }

    // MARK: - Revocation

    private func checkRevocation(_ valid: String) async {
        guard let revoke = tokens.revoke else {
            return add(.revoked, .inconclusive, remark: reader.revocation)
        }
        guard await revoke(valid) else {
            return add(.revoked, .inconclusive, remark: "an authorization server that revokes the token")
        }
        do throws(AuditFault) {
            let response = try await probe.open(opening, token: valid)
            guard response.isAccepted, JSONWebToken(valid) != nil else { return judge(.revoked, response) }
            let remark =
                "a JWT is accepted until it expires if the server does not ask the issuer; let it be short-lived"
            add(.revoked, .warning, response.text, remark: remark)
        } catch {
            add(.revoked, .inconclusive, remark: error.reason)
        }
    }
}
