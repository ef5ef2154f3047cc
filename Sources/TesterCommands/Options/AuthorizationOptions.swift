import ArgumentParser
import MCPAuth
import MCPHTTP
import Tester

/// The options for a server that demands authorization.
struct AuthorizationOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "ID of a client that is registered at the authorization server (default: register one).",
            valueName: "id"
        )
    )
    var authClientId: String?

    @Option(
        help: ArgumentHelp("Secret of that client, from a file or a variable.", valueName: "@file|env:name")
    )
    var authClientSecret: String?

    @Option(
        help: ArgumentHelp("Private key of that client, which signs its assertions: a PEM file.", valueName: "file")
    )
    var authClientKey: String?

    @Option(
        help: ArgumentHelp(
            "https URL of the client's metadata, which is its ID at servers that support that.",
            valueName: "url"
        )
    )
    var authClientMetadata: String?

    @Option(
        help: ArgumentHelp(
            "Refresh token of that client, from a file or a variable; the first use stores its successor.",
            valueName: "@file|env:name"
        )
    )
    var authRefreshToken: String?

    @Option(
        help: ArgumentHelp(
            "JWT of this workload, from a file or a variable, which is exchanged for a token (jwt-bearer). Read again for "
                + "each exchange.",
            valueName: "@file|env:name"
        )
    )
    var authAssertion: String?

    @Option(
        help: ArgumentHelp(
            "Token endpoint of an enterprise's identity provider, which exchanges a sign-on for a grant (ID-JAG).",
            valueName: "url"
        )
    )
    var authIdentityProvider: String?

    @Option(
        help: ArgumentHelp("ID token of that sign-on, from a file or a variable.", valueName: "@file|env:name")
    )
    var authIdentityToken: String?

    @Option(help: ArgumentHelp("ID of the client at that identity provider.", valueName: "id"))
    var authIdentityClientId: String?

    @Option(
        help: ArgumentHelp(
            "Secret of the client at that identity provider, from a file or a variable.",
            valueName: "@file|env:name"
        )
    )
    var authIdentityClientSecret: String?

    @Flag(help: "Bind tokens to a key (DPoP), also if the server does not require it.")
    var dpop = false

    @Option(
        help: ArgumentHelp(
            "Scopes to request, with spaces (default: those that the server names).",
            valueName: "scopes"
        )
    )
    var authScope: String?

    @Option(
        help: ArgumentHelp(
            "Host that may be reached for authorization although its address is private or it lacks https. Repeatable.",
            valueName: "host"
        )
    )
    var authAllowHost: [String] = []

    @Option(
        help: ArgumentHelp(
            "File with the tokens of auth login, or keyring to encrypt it with a key in the system's secret service "
                + "(default: MCP_TEST_AUTH_STORE, or tokens.json in ~/.local/state/mcp-test-mcp).",
            valueName: "file"
        )
    )
    var authStore: String?

    /// The given options.
    var given: [String] {
        let all: [(name: String, isGiven: Bool)] = [
            ("--auth-client-id", authClientId != nil), ("--auth-client-secret", authClientSecret != nil),
            ("--auth-client-key", authClientKey != nil), ("--auth-client-metadata", authClientMetadata != nil),
            ("--auth-refresh-token", authRefreshToken != nil), ("--auth-assertion", authAssertion != nil),
            ("--auth-identity-provider", authIdentityProvider != nil),
            ("--auth-identity-token", authIdentityToken != nil),
            ("--auth-identity-client-id", authIdentityClientId != nil),
            ("--auth-identity-client-secret", authIdentityClientSecret != nil), ("--dpop", dpop),
            ("--auth-scope", authScope != nil),
            ("--auth-allow-host", !authAllowHost.isEmpty), ("--auth-store", authStore != nil),
        ]
        return all.filter(\.isGiven).map(\.name)
    }

    /// How tokens are got for targets without credentials.
    func authorization(in context: CommandContext) async throws(Failure) -> TargetAuthorization {
        let client = try await client(in: context)
        var authorization = TargetAuthorization(
            store: store(in: context),
            grant: try await grant(of: client, in: context),
            client: client,
            clientMetadataURL: try metadataURL(),
            scopes: authScope.map(ScopeSet.init(parsing:)),
            allowedHosts: authAllowHost
        )
        authorization.usesPossession = dpop
        // The user names it, wherever it is.
        if case .signOn(let provider) = authorization.grant {
            authorization.allowedHosts.append(provider.tokenEndpoint.host)
        }
        return authorization
    }

    // MARK: - The grant

    private func grant(
        of client: OAuthClient?,
        in context: CommandContext
    ) async throws(Failure) -> TargetAuthorization.Grant {
        let names = ["--auth-refresh-token", "--auth-assertion", "--auth-identity-provider"].filter(given.contains)
        guard names.count < 2 else {
            throw .usage("\(names.joined(separator: " and ")) exclude each other.", nextStep: "Give one of them.")
        }
        if let authRefreshToken {
            let source = SecretSource(authRefreshToken, option: "--auth-refresh-token")
            return .refreshToken(try await source.read(in: context))
        }
        if let authAssertion { return try await workload(authAssertion, in: context) }
        if let provider = try await identityProvider(in: context) { return .signOn(provider) }
        return client?.secret != nil || client?.key != nil ? .clientCredentials : .stored
    }

    private func workload(_ text: String, in context: CommandContext) async throws(Failure) -> TargetAuthorization.Grant
    {
        let source = SecretSource(text, option: "--auth-assertion")
        // A wrong option is reported before anything is sent.
        _ = try await source.read(in: context)
        return .workload { () async throws(AuthFailure) in
            do throws(Failure) {
                return try await source.read(in: context)
            } catch {
                throw AuthFailure(.invalidAssertion, error.message, advice: error.nextStep)
            }
        }
    }

    private func identityProvider(in context: CommandContext) async throws(Failure) -> IdentityProvider? {
        guard let authIdentityProvider else {
            let needing = given.first { $0.hasPrefix("--auth-identity-") }
            guard let needing else { return nil }
            throw .usage(
                "\(needing) requires --auth-identity-provider.",
                nextStep: "Give the token endpoint of the identity provider, too."
            )
        }
        guard let authIdentityToken, let authIdentityClientId else {
            throw .usage(
                "--auth-identity-provider requires --auth-identity-token and --auth-identity-client-id.",
                nextStep: "Give the ID token of the sign-on, and the ID of the client that signed on."
            )
        }
        let endpoint: HTTPURL
        do throws(HTTPURL.Fault) {
            endpoint = try HTTPURL(authIdentityProvider)
        } catch {
            throw .usage(
                "--auth-identity-provider is not a URL: it \(error).",
                nextStep: "Give the token endpoint, such as https://login.example.com/oauth2/token."
            )
        }
        let token = SecretSource(authIdentityToken, option: "--auth-identity-token")
        var provider = IdentityProvider(
            tokenEndpoint: endpoint,
            clientID: authIdentityClientId,
            idToken: try await token.read(in: context)
        )
        if let authIdentityClientSecret {
            let secret = SecretSource(authIdentityClientSecret, option: "--auth-identity-client-secret")
            provider.clientSecret = try await secret.read(in: context)
        }
        return provider
    }

    // MARK: - The store

    /// The store of these options.
    func store(in context: CommandContext) -> any TokenStore { Self.store(authStore, in: context) }

    /// A store in a file, or in memory if the environment names no folder for the file.
    ///
    /// - Parameter choice: A file, or ``keyring`` (default: the choice in the environment).
    static func store(_ choice: String? = nil, in context: CommandContext) -> any TokenStore {
        let environment = context.environment
        let choice = choice ?? environment[.authStore]
        if let choice, choice != keyring { return FileTokenStore(path: choice, clock: context.clock) }
        let state =
            environment.value(of: "XDG_STATE_HOME") ?? environment.value(of: "HOME").map { "\($0)/.local/state" }
        guard let folder = state.map({ "\($0)/mcp-test-mcp" }) else { return MemoryTokenStore() }
        return choice == keyring
            ? FileTokenStore(path: "\(folder)/tokens.sealed", isSealed: true, clock: context.clock)
            : FileTokenStore(path: "\(folder)/tokens.json", clock: context.clock)
    }

    /// The choice of the file that is encrypted with a key in the system's secret service.
    private static let keyring = "keyring"

    /// Source: 2026-07-28, "Client Registration": an https URL with a path.
    private func metadataURL() throws(Failure) -> String? {
        guard let authClientMetadata else { return nil }
        do throws(HTTPURL.Fault) {
            let url = try HTTPURL(authClientMetadata)
            if url.isSecure, url.path != "/" { return authClientMetadata }
        } catch {
            // Explained below.
        }
        throw .usage(
            "--auth-client-metadata is not an https URL with a path.",
            nextStep:
                "Give the URL at which the client's metadata is published, such as https://example.com/client.json."
        )
    }

    private func client(in context: CommandContext) async throws(Failure) -> OAuthClient? {
        guard let authClientId else {
            let needing = ["--auth-client-secret", "--auth-client-key", "--auth-refresh-token"]
            if let option = needing.first(where: given.contains) {
                throw .usage("\(option) requires --auth-client-id.", nextStep: "Give the ID of the client, too.")
            }
            return nil
        }
        guard authClientSecret == nil || authClientKey == nil else {
            throw .usage(
                "--auth-client-secret and --auth-client-key exclude each other.",
                nextStep: "Give one of them."
            )
        }
        var client = OAuthClient(id: authClientId)
        if let authClientSecret {
            client.secret = try await SecretSource(authClientSecret, option: "--auth-client-secret").read(in: context)
        }
        if let authClientKey {
            client.key = SigningKey(pem: String(decoding: try await context.inputs.file(authClientKey), as: UTF8.self))
        }
        return client
    }
}
