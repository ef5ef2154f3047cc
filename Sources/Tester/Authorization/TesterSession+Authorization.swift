import AsyncRuntime
import JSON
import MCP
import MCPAuth
import MCPClient
import MCPHTTP
import MCPHTTPClient
import MCPTransport

extension TesterSession {
    /// Why a target could not be connected to.
    struct OpeningFailure: Error {
        /// Why the connection failed; `nil` if nothing was sent.
        var connection: ConnectFailure?
        /// Why the authorization failed that the target demanded.
        var authorization: AuthFailure?
        /// Where the user has to agree before the authorization can go on.
        var consentURL: HTTPURL?
    }

    /// What provides tokens for a target without credentials; `nil` if nothing does.
    func tokenProvider(for request: ConnectRequest) async throws(Failure) -> TokenProvider? {
        try await authorization(for: request)?.provider(for: request.target, on: clock)
    }

    /// How tokens are obtained for a target; `nil` if none can be obtained.
    ///
    /// The local user's tokens are not for others who use this program over HTTP. Those of a login in this session are
    /// preferred to stored ones.
    func authorization(for request: ConnectRequest) async throws(Failure) -> TargetAuthorization? {
        if let authorization = request.authorization { return authorization }
        guard principal == .local, var authorization = settings.authorization else { return nil }
        guard authorization.grant.authorization == nil, let endpoint = request.target.endpoint else {
            return authorization
        }
        let server = ResourceIdentifier(server: try HTTPURL(target: endpoint.url))
        let hasLogin = await logins.store.authorizations().contains { $0.server == server }
        if hasLogin { authorization.store = logins.store }
        return authorization
    }

    /// Connects, with a stored token if there is one, and again with a new token if the target demands it.
    ///
    /// A stored token that is valid costs no request.
    ///
    /// - Parameter target: Gets the token that was sent last.
    func openClient(
        for target: inout Target,
        _ options: ClientOptions,
        _ provider: TokenProvider?
    ) async throws(OpeningFailure) -> Client {
        let tokens = AccessTokens()
        var token: String?
        if let provider {
            do throws(AuthFailure) {
                token = try await provider.initialToken()
            } catch {
                throw OpeningFailure(authorization: error)
            }
        }
        var attempts = 0
        while true {
            attempts += 1
            if let token {
                secrets.add([Secret(token, .token)])
                tokens.replace(with: provider?.sent(token) ?? AccessTokens.Token(token))
            }
            if let provider, token != nil || provider.canAuthorize { target.authorize(by: tokens) }
            do throws(ConnectFailure) {
                let (makeTransport, target) = (settings.makeTransport, target)
                let client = try await Client.connect(options: options, scheduler: clock) { makeTransport(target) }
                // Not before, because the timeouts of the handshake would include the authorization.
                provider?.renew(tokens) { [secrets] in secrets.add([Secret($0, .token)]) }
                return client
            } catch {
                guard let provider, let demand = error.demand, attempts <= AuthLimits().authorizations else {
                    throw OpeningFailure(connection: error)
                }
                let isReplaceable = token != nil || provider.canAuthorize
                do throws(AuthFailure) {
                    switch demand {
                    // A store that cannot be read may have a token.
                    case _ where !isReplaceable: try await provider.checkStore()
                    case .token(let challenges): token = try await provider.token(after: challenges, refused: token)
                    case .scopes(let challenges): token = try await provider.token(withScopesOf: challenges)
                    }
                } catch let failure {
                    throw OpeningFailure(connection: error, authorization: failure)
                }
                guard isReplaceable else { throw OpeningFailure(connection: error) }
            }
        }
    }
}

extension ConnectFailure {
    /// What a target demands before it can be used.
    enum Demand {
        case token(Challenges)
        case scopes(Challenges)
    }

    /// What the target demanded; `nil` if the failure is not about authorization.
    var demand: Demand? {
        guard case .transport(let failure) = cause else {
            if case .rejected = cause, status == 401 { return .token(Challenges(parsing: [])) }
            return nil
        }
        let values = [failure.evidence["www_authenticate"]?.string].compactMap(\.self)
        let challenges = Challenges(parsing: values)
        switch failure.kind {
        case .unauthorized: return .token(challenges)
        case .forbidden where challenges.token?.error == "insufficient_scope": return .scopes(challenges)
        default: return nil
        }
    }
}
