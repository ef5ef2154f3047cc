import AsyncRuntime
import MCPAuth
import MCPClient
import MCPHTTP
import MCPHTTPClient

/// What a caller wants of the login that a target demands.
///
/// Only callers that can show a URL to the user take part in logins.
public enum LoginStep: Sendable {
    /// Begin a login, or continue the one that has begun, and report the URL for the user.
    case begin
    /// Wait for the login that has begun: the user opens its URL.
    case wait
    /// End the login that has begun: the user refused.
    case end
}

/// The URL at which the user agrees to a login that has begun.
public struct ConsentRequest: Sendable {
    /// The URL; it contains no secret.
    public var url: String
    /// What it is for, as a sentence.
    public var message: String
}

extension TesterSession {
    /// Waits for the login at a target as far as it needs no user, or ends it.
    ///
    /// - Throws: ``Failure`` of the class `auth` if the login has failed or was refused.
    func continueLogin(_ step: LoginStep?, for request: ConnectRequest) async throws(Failure) {
        let target = request.target
        guard let step, let endpoint = target.endpoint, target.authType == nil, request.authorization == nil else {
            return
        }
        let server = ResourceIdentifier(server: try HTTPURL(target: endpoint.url))
        guard let login = logins[server] else { return }
        var outcome = PendingLogin.Progress.authorized
        switch step {
        case .begin where login.needsNoUser, .wait: outcome = await login.end()
        case .begin: return
        case .end:
            await login.cancel()
            outcome = .failed(AuthFailure(.denied, "the user refused to open the URL"))
        }
        if login.hasEnded { logins.remove(login, at: server) }
        guard case .failed(let reason) = outcome else { return }
        var failure = Failure(reason, "The login at \(target.name) failed", login.trace)
        failure.nextStep = [reason.advice, "Connect again to begin a new login."].compactMap(\.self)
            .joined(separator: " ")
        throw failure
    }

    /// Connects, and lets the user log in if the target demands it and the caller takes part in that.
    ///
    /// - Parameters:
    ///   - target: Receives the token that was sent last.
    ///   - provider: What provides tokens; changes if a login has brought one meanwhile.
    func openClient(
        for target: inout Target,
        _ options: ClientOptions,
        _ provider: inout TokenProvider?,
        login step: LoginStep?
    ) async throws(OpeningFailure) -> Client {
        let original = target
        do throws(OpeningFailure) {
            return try await openClient(for: &target, options, provider)
        } catch {
            guard case .begin? = step, let former = provider, !former.canAuthorize,
                let challenges = error.challengesForLogin
            else { throw error }
            try await logIn(by: former.flow, after: challenges, because: error)
            target = original
            let renewed = TokenProvider(former.flow, store: logins.store, grant: nil)
            provider = renewed
            return try await openClient(for: &target, options, renewed)
        }
    }

    /// Begins a login or continues the one that has begun; returns if it has brought a token.
    private func logIn(
        by flow: AuthorizationFlow,
        after challenges: Challenges,
        because error: OpeningFailure
    ) async throws(OpeningFailure) {
        let server = ResourceIdentifier(server: flow.settings.server)
        let login = logins.login(at: server) {
            PendingLogin(flow, after: challenges, on: clock) { [logins, secrets] authorization in
                let hidden = [authorization.tokens.refreshToken, authorization.client.secret].compactMap(\.self)
                secrets.add(([authorization.tokens.accessToken] + hidden).map { Secret($0, .token) })
                await logins.store.replace(authorization)
            }
        }
        guard let login else { throw error }
        switch await login.progress() {
        case .authorized: logins.remove(login, at: server)
        case .waiting(let url):
            var failure = error
            failure.consentURL = url
            throw failure
        case .failed(let reason):
            if login.hasEnded { logins.remove(login, at: server) }
            // Nothing says that the server wants OAuth, so its own refusal says more.
            if reason.kind == .noResourceMetadata { throw error }
            var failure = error
            failure.authorization = reason
            throw failure
        }
    }
}

extension TesterSession.OpeningFailure {
    /// The challenges that a login could satisfy; `nil` if there are none, or if a token can be obtained without a login.
    fileprivate var challengesForLogin: Challenges? {
        guard case .token(let challenges)? = connection?.demand else { return nil }
        // No token is stored, or it is refused and cannot be renewed, or the store cannot be used: a login needs no store.
        let kinds: [AuthFailure.Kind?] = [nil, .needsClient, .store]
        guard kinds.contains(authorization?.kind) else { return nil }
        return challenges.token == nil && !challenges.all.isEmpty ? nil : challenges
    }

    /// The request for the user's consent; `nil` if none waits for it.
    func consent(to target: Target) -> ConsentRequest? {
        consentURL.map { url in
            ConsentRequest(
                url: url.requestText,
                message: "Log in at \(url.authority) so that mcp-test-mcp can connect to \(target.name)."
            )
        }
    }
}

extension MemoryTokenStore {
    /// Saves an authorization in place of all others for the same server.
    fileprivate func replace(_ authorization: Authorization) async {
        for former in await authorizations() where former.server == authorization.server {
            await remove(former.key)
        }
        await save(authorization)
    }
}
