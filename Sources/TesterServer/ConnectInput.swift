import HostConfiguration
import JSON
import MCPAuth
import MCPClient
import MCPHTTPClient
import Tester

/// The arguments of `connect_to_server` as a request, with findings about unused ones.
struct ConnectInput {
    let request: TesterSession.ConnectRequest
    private(set) var findings: [Report.Finding] = []

    /// Reads the arguments.
    ///
    /// - Throws: ``Failure`` of the class `usage`.
    init(
        _ input: ToolInput,
        limits: ConnectionLimits,
        surroundings: () -> HostSurroundings
    ) async throws(Failure) {
        var target: Target
        var authorization: TargetAuthorization?
        if input.isGiven("server") || input.isGiven("config") {
            let choice = try Self.configured(input, surroundings)
            target = choice.target
            findings += choice.findings
        } else {
            target = try await Self.target(input)
        }
        if target.endpoint != nil {
            authorization = try Self.authorize(&target, input, &findings)
            findings += Self.unused(["args", "env", "cwd"], input, for: "a URL")
        } else {
            findings += Self.unused(
                ["headers", "auth", "transport", "ca_file", "insecure", "follow_redirects"],
                input,
                for: "a stdio server"
            )
        }
        var request = TesterSession.ConnectRequest(target: target, name: input.string("name") ?? "default")
        request.era = try Self.era(input)
        request.policy = try Self.policy(input)
        request.authorization = authorization
        if let seconds = input.number("timeout")?.double {
            var limits = limits
            limits.connect = .seconds(seconds)
            request.limits = limits
        }
        self.request = request
    }

    private static func era(_ input: ToolInput) throws(Failure) -> EraChoice? {
        guard let text = input.string("protocol") else { return nil }
        if let era = EraChoice(text) { return era }
        throw .usage(
            "Unknown protocol \"\(text)\".",
            nextStep: "Use auto, legacy, modern or one of \(EraChoice.revisionNames)."
        )
    }

    private static func policy(_ input: ToolInput) throws(Failure) -> InputPolicy {
        var policy = InputPolicy()
        for member in input.object("input_policy")?.members ?? [] {
            try policy.set(member.key, member.value.string ?? "")
        }
        if input.isGiven("roots") { policy.givenRoots = input.strings("roots").map { ["uri": .string($0)] } }
        return policy
    }

    // MARK: - The target

    private static func configured(
        _ input: ToolInput,
        _ surroundings: () -> HostSurroundings
    ) throws(Failure) -> ConfiguredTargets.Choice {
        if let other = ["url", "command", "args"].first(where: input.isGiven) {
            throw .usage(
                "`server` and `\(other)` exclude each other.",
                nextStep: "Omit `\(other)` to use the configured server, or omit `server` and `config`."
            )
        }
        let replacements = ConfiguredTargets.Replacements(
            environment: input.variables("env"),
            workingDirectory: input.string("cwd"),
            endpoint: try endpoint(input),
            hasToken: input.isGiven("auth")
        )
        return try ConfiguredTargets(config: input.string("config"), in: surroundings())
            .target(input.string("server"), replacing: replacements)
    }

    private static func target(_ input: ToolInput) async throws(Failure) -> Target {
        if let command = input.string("command"), !command.isEmpty {
            return Target(
                command: command,
                arguments: input.strings("args"),
                environment: input.variables("env"),
                workingDirectory: input.string("cwd")
            )
        }
        guard let url = input.string("url"), !url.isEmpty else {
            throw .usage(
                "Neither url nor command is given.",
                nextStep: "Give url (the server's URL or script path), or command and args."
            )
        }
        let endpoint = try endpoint(input)
        return try await offLoop { () throws(Failure) in
            try TargetResolver().resolve(
                url,
                arguments: input.strings("args"),
                environment: input.variables("env"),
                workingDirectory: input.string("cwd"),
                endpoint: endpoint
            )
        }
    }

    private static func endpoint(_ input: ToolInput) throws(Failure) -> HTTPEndpoint {
        var endpoint = HTTPEndpoint(url: "", headers: input.fields("headers"))
        if let text = input.string("transport") {
            guard let choice = HTTPEndpoint.TransportChoice(rawValue: text) else {
                let names = HTTPEndpoint.TransportChoice.allCases.map(\.rawValue)
                throw .usage(
                    "Unknown transport \"\(text)\" for a URL.",
                    nextStep: "Use one of: \(names.joined(separator: ", ")), or omit transport."
                )
            }
            endpoint.transport = choice
        }
        endpoint.tls = TLSChoice(authorities: input.string("ca_file"), verifies: !input.bool("insecure"))
        endpoint.proxy = .ofProcess
        endpoint.followsRedirects = input.bool("follow_redirects")
        return endpoint
    }

    // MARK: - Credentials

    /// Adds the given token to the target.
    ///
    /// - Returns: How a token is got instead, if a client is given; `nil` to use a stored login, if there is one.
    private static func authorize(
        _ target: inout Target,
        _ input: ToolInput,
        _ findings: inout [Report.Finding]
    ) throws(Failure) -> TargetAuthorization? {
        guard input.isGiven("auth") else { return nil }
        let auth = input.object("auth") ?? [:]
        if input.string("auth") == "oauth" || auth["type"] == "oauth" {
            if target.authType != nil {
                throw .usage(
                    "`auth` has type oauth, and the server has other credentials.",
                    nextStep: "Omit `auth`, or the Authorization header and the password in the URL."
                )
            }
            return try client(auth)
        }
        let token = try bearer(input)
        if target.endpoint?.headers.contains(where: \.isAuthorization) == true {
            findings.append(.init(.usage, "`headers` contains Authorization, which `auth` replaced."))
        }
        target.authorize(bearer: token)
        return nil
    }

    /// The client of `auth`, which authorizes itself.
    private static func client(_ auth: JSONObject) throws(Failure) -> TargetAuthorization? {
        let (id, secret) = (auth["client_id"]?.string, auth["client_secret"]?.string)
        guard id != nil || secret != nil else { return nil }
        guard let id, let secret else {
            throw .usage(
                "`auth` has type oauth and only one of client_id and client_secret.",
                nextStep: "Give both for client credentials, or neither to use a login (mcp-test-mcp auth login URL)."
            )
        }
        return TargetAuthorization(
            store: MemoryTokenStore(),
            grant: .clientCredentials,
            client: OAuthClient(id: id, secret: secret),
            scopes: auth["scope"]?.string.map(ScopeSet.init(parsing:))
        )
    }

    private static func bearer(_ input: ToolInput) throws(Failure) -> String {
        if let text = input.string("auth") {
            return try checked(text)
        }
        let auth = input.object("auth") ?? [:]
        switch auth["type"]?.string {
        case "bearer":
            guard let token = auth["token"]?.string else {
                throw .usage(
                    "`auth` has type bearer but no token.",
                    nextStep: #"Give {"type": "bearer", "token": …}."#
                )
            }
            return try checked(token)
        case let type:
            // The value is not repeated: it may be the token itself.
            let fault =
                type != nil ? "an unknown type" : auth["type"] == nil ? "no type" : "a type that is not a string"
            throw .usage(
                "`auth` has \(fault).",
                nextStep: #"Give a bearer token as a string, or {"type": "bearer", "token": …}."#
            )
        }
    }

    private static func checked(_ token: String) throws(Failure) -> String {
        if isToken(token) { return token }
        throw .usage(
            "The token in `auth` is empty, or has characters that an HTTP header cannot have.",
            nextStep: "Give the token alone, without \"Bearer\", spaces and line breaks."
        )
    }

    private static func unused(_ names: [String], _ input: ToolInput, for what: String) -> [Report.Finding] {
        names.filter { input.isGiven($0) }.map {
            Report.Finding(
                .usage,
                "`\($0)` was ignored: it does not apply to \(what).",
                nextStep: "Omit `\($0)`."
            )
        }
    }
}
