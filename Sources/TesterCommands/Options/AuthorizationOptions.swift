import ArgumentParser
import MCPAuth
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
            ("--auth-client-key", authClientKey != nil), ("--auth-scope", authScope != nil),
            ("--auth-allow-host", !authAllowHost.isEmpty), ("--auth-store", authStore != nil),
        ]
        return all.filter(\.isGiven).map(\.name)
    }

    /// How tokens are got for targets without credentials.
    func authorization(in context: CommandContext) async throws(Failure) -> TargetAuthorization {
        let client = try await client(in: context)
        let hasCredentials = client?.secret != nil || client?.key != nil
        return TargetAuthorization(
            store: store(in: context),
            grant: hasCredentials ? .clientCredentials : .stored,
            client: client,
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

    private func client(in context: CommandContext) async throws(Failure) -> OAuthClient? {
        guard let authClientId else {
            if let option = ["--auth-client-secret", "--auth-client-key"].first(where: given.contains) {
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
