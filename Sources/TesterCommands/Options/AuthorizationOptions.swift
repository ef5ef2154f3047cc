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
            "File with the tokens of auth login (default: tokens.json in ~/.local/state/mcp-test-mcp).",
            valueName: "file"
        )
    )
    var authStore: String?

    /// The given options.
    var given: [String] {
        let all: [(name: String, isGiven: Bool)] = [
            ("--auth-client-id", authClientId != nil), ("--auth-client-secret", authClientSecret != nil),
            ("--auth-client-key", authClientKey != nil), ("--auth-client-metadata", authClientMetadata != nil),
            ("--auth-refresh-token", authRefreshToken != nil), ("--auth-scope", authScope != nil),
            ("--auth-allow-host", !authAllowHost.isEmpty), ("--auth-store", authStore != nil),
        ]
        return all.filter(\.isGiven).map(\.name)
    }

    /// How tokens are got for targets without credentials.
    func authorization(in context: CommandContext) async throws(Failure) -> TargetAuthorization {
        let client = try await client(in: context)
        let hasCredentials = client?.secret != nil || client?.key != nil
        var grant: TargetAuthorization.Grant = hasCredentials ? .clientCredentials : .stored
        if let authRefreshToken {
            let source = SecretSource(authRefreshToken, option: "--auth-refresh-token")
            grant = .refreshToken(try await source.read(in: context))
        }
        return TargetAuthorization(
            store: store(in: context),
            grant: grant,
            client: client,
            clientMetadataURL: try metadataURL(),
            scopes: authScope.map(ScopeSet.init(parsing:)),
            allowedHosts: authAllowHost
        )
    }

    /// The store: in a file, or in memory if there is no place for one.
    func store(in context: CommandContext) -> any TokenStore {
        guard let path = authStore ?? Self.defaultPath(context.environment) else { return MemoryTokenStore() }
        return FileTokenStore(path: path, clock: context.clock)
    }

    static func defaultPath(_ environment: Environment) -> String? {
        let state =
            environment.value(of: "XDG_STATE_HOME") ?? environment.value(of: "HOME").map { "\($0)/.local/state" }
        return state.map { "\($0)/mcp-test-mcp/tokens.json" }
    }

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
