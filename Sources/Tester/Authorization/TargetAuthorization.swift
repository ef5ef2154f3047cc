import AsyncRuntime
public import MCPAuth
import MCPHTTP
import MCPHTTPClient
import Platform

/// How tokens are got for targets that are reached by a URL and have no credentials.
public struct TargetAuthorization: Sendable {
    /// What may be done without a person when a target demands authorization.
    public enum Grant: Sendable {
        /// Use and renew what the user logged in for.
        case stored
        /// Authorize as the given client.
        case clientCredentials
        /// Use this refresh token of the given client until a newer one is stored.
        case refreshToken(String)
        /// Exchange a JWT of the platform that this program runs on; it is read each time.
        case workload(assertion: @Sendable () async throws(AuthFailure) -> String)
        /// Exchange the user's sign-on at the enterprise's identity provider.
        case signOn(IdentityProvider)

        /// The grant of OAuth; `nil` if the user must log in first.
        public var authorization: AuthorizationGrant? {
            switch self {
            case .stored: nil
            case .clientCredentials: .clientCredentials
            case .refreshToken(let token): .refreshToken(token)
            case .workload(let assertion): .workload(assertion: assertion)
            case .signOn(let provider): .signOn(provider)
            }
        }
    }

    /// Where tokens are kept.
    public var store: any TokenStore
    /// What may be done.
    public var grant: Grant
    /// The client that the user gave.
    public var client: OAuthClient?
    /// The https URL of the client's metadata, which is its ID; `nil` for none.
    public var clientMetadataURL: String?
    /// The scopes that the user gave.
    public var scopes: ScopeSet?
    /// Whether tokens are bound to a key (DPoP), also if a server does not require it.
    public var usesPossession = false
    /// The hosts that may be reached whatever their address.
    public var allowedHosts: [String]

    /// Creates settings.
    public init(
        store: any TokenStore,
        grant: Grant = .stored,
        client: OAuthClient? = nil,
        clientMetadataURL: String? = nil,
        scopes: ScopeSet? = nil,
        allowedHosts: [String] = []
    ) {
        self.store = store
        self.grant = grant
        self.client = client
        self.clientMetadataURL = clientMetadataURL
        self.scopes = scopes
        self.allowedHosts = allowedHosts
    }

    /// A flow for a server.
    ///
    /// - Parameter sendsHeaders: Whether requests to the server itself have the headers of the endpoint.
    /// - Throws: ``Failure`` of the class `usage` if the URL is malformed.
    func flow(
        for endpoint: HTTPEndpoint,
        on clock: any Scheduler,
        sendsHeaders: Bool = false
    ) throws(Failure) -> AuthorizationFlow {
        let settings = AuthorizationSettings(
            server: try HTTPURL(target: endpoint.url),
            client: client,
            clientMetadataURL: clientMetadataURL,
            scopes: scopes,
            usesPossession: usesPossession,
            allowedHosts: allowedHosts
        )
        return AuthorizationFlow(settings, like: endpoint, clock: clock, sendsHeaders: sendsHeaders)
    }

    /// What provides tokens for a target; `nil` for a process and for a target with credentials.
    func provider(for target: Target, on clock: any Scheduler) throws(Failure) -> TokenProvider? {
        guard let endpoint = target.endpoint, target.authType == nil else { return nil }
        return TokenProvider(try flow(for: endpoint, on: clock), store: store, grant: grant.authorization)
    }
}

extension AuthorizationFlow {
    /// A flow over the network, with the TLS and proxy settings of a server.
    init(
        _ settings: AuthorizationSettings,
        like endpoint: HTTPEndpoint,
        clock: any Scheduler,
        sendsHeaders: Bool = false
    ) {
        let network = NetworkHTTP(like: endpoint, settings, clock: clock, sendsHeaders: sendsHeaders)
        self.init(
            settings,
            http: { request async throws(AuthHTTPFailure) in try await network.send(request) },
            clock: clock,
            now: { Int64(time(nil)) }
        )
    }
}
