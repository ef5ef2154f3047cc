import DemoServer
import MCPAuthServer
import MCPHTTP
import MCPHTTPServer
import MCPStdio
import Tester

/// How clients are served: from the settings, and the options that apply only to HTTP.
enum ServingPlan: Sendable {
    /// The one client that started us.
    ///
    /// - Parameter drain: The time to wait for open calls when standard input ends.
    case stdio(drain: Duration)
    case http(HTTPServerOptions)

    /// - Throws: ``Failure`` of the class `usage`, in particular for an address beyond loopback with neither a token nor
    ///   `--no-auth`.
    init(
        _ settings: ServeSettings,
        _ options: ServingOptions,
        authFaults: Set<AuthFault> = [],
        in context: CommandContext
    ) async throws(Failure) {
        let kind: HTTPServerOptions.Kind
        switch settings.transport {
        case .stdio:
            try options.refuseForStdio(besidesPage: settings.metrics != nil)
            self = .stdio(drain: options.drain ?? StdioServerTransport.defaultDrain)
            return
        case .streamableHTTP: kind = .streamableHTTP
        case .sse: kind = .sse
        }
        try options.refuseForHTTP()
        var plan = HTTPServerOptions(kind: kind, host: settings.host, port: settings.port)
        plan.path = options.path ?? (kind == .sse ? "/sse" : "/mcp")
        plan.allowedHosts = options.allowedHost
        plan.allowedOrigins = options.allowedOrigin
        plan.advice = ("start it with --allowed-host", "start it with --allowed-origin")
        plan.authentication = try await Self.authentication(options, in: context)
        if let resource = try options.resource.resource(authFaults, isLoopback: plan.isLoopback) {
            guard plan.authentication == nil, !options.noAuth else {
                throw .usage(
                    "--auth-issuer excludes --no-auth and tokens of --auth-token, --auth-token-file and "
                        + "MCP_TEST_SERVER_TOKEN.",
                    nextStep: "Give one of them."
                )
            }
            plan.makeSite = try Self.site(of: resource, in: context)
            plan.authorizationFaults = authFaults.ofServer
        }
        if plan.authentication == nil, plan.makeSite == nil, !options.noAuth, !plan.isLoopback {
            throw .usage(
                "Refusing to serve on \(settings.host) without a token: anyone who reaches that address could start "
                    + "programs here.",
                nextStep: "Give --auth-token @FILE (or set MCP_TEST_SERVER_TOKEN), or --no-auth to allow it."
            )
        }
        plan.limits = options.limits(plan.limits)
        self = .http(plan)
    }

    /// The same plan with the faults that concern the transport.
    ///
    /// - Throws: ``Failure`` of the class `usage` if the transport does not support them.
    func failing(by faults: [Fault]) throws(Failure) -> ServingPlan {
        let faults = faults.filter(\.isHTTPFault)
        guard let first = faults.first else { return self }
        guard case .http(var options) = self, options.kind == .streamableHTTP else {
            throw .usage(
                "The fault \(first.rawValue) applies to Streamable HTTP only.",
                nextStep: "Add --transport streamable-http, and test the URL that the demo server logs."
            )
        }
        options.faults = Set(faults.compactMap { HTTPFault(rawValue: $0.rawValue) })
        options.limitsFaultsToToolCalls = true
        return .http(options)
    }

    // MARK: - Authorization

    private static func site(
        of resource: ProtectedResource,
        in context: CommandContext
    ) throws(Failure) -> @Sendable (_ url: String) -> HTTPSite {
        let http = context.authHTTP(for: try HTTPURL(target: resource.issuer))
        return { [clock = context.clock] url in
            .closedOnFailure {
                try resource.site(at: url, http: http, clock: clock, now: CommandContext.secondsNow)
            }
        }
    }

    /// The same plan with a built-in authorization server, which the demo server demands tokens of.
    ///
    /// - Throws: ``Failure`` of the class `usage` if the transport or other options exclude it.
    func demandingAuthorization(
        consent: DemoIssuer.Consent,
        _ faults: Set<AuthFault>,
        in context: CommandContext
    ) throws(Failure) -> ServingPlan {
        guard case .http(var options) = self else { throw ServingOptions.onlyOverHTTP("--auth") }
        guard options.authentication == nil, options.makeSite == nil else {
            throw .usage("--auth excludes other tokens and issuers.", nextStep: "Give one of them.")
        }
        guard options.isLoopback else {
            throw .usage(
                "--auth serves on a loopback address only: its authorization server grants a token to everyone.",
                nextStep: "Omit --host, or give --auth-issuer with an issuer of yours."
            )
        }
        // Only client ID metadata documents are fetched: from loopback, or with https.
        let http = context.authHTTP(for: try HTTPURL(target: "http://127.0.0.1"))
        options.authorizationFaults = faults.ofServer
        options.makeSite = { [clock = context.clock] url in
            .closedOnFailure {
                try DemoIssuer.site(
                    at: url,
                    consent: consent,
                    faults: faults,
                    http: http,
                    clock: clock,
                    now: CommandContext.secondsNow
                ).site
            }
        }
        return .http(options)
    }

    // MARK: - Tokens

    private static func authentication(
        _ options: ServingOptions,
        in context: CommandContext
    ) async throws(Failure) -> Authentication? {
        if options.noAuth {
            guard options.authToken == nil, options.authTokenFile == nil else {
                throw .usage("--no-auth and a token exclude each other.", nextStep: "Give one of them.")
            }
            return nil
        }
        var tokens: [(token: String, subject: String)] = []
        if let file = options.authTokenFile { tokens += try await self.tokens(ofFile: file, in: context) }
        if let source = options.authToken {
            let token = try await SecretSource(source, option: "--auth-token").read(in: context)
            tokens.append((try checked(token, of: "--auth-token"), "token"))
        }
        if tokens.isEmpty, let token = context.environment[.serverToken] {
            tokens.append((try checked(token, of: "MCP_TEST_SERVER_TOKEN"), "token"))
        }
        return tokens.isEmpty ? nil : Authentication(tokens: tokens)
    }

    private static func tokens(
        ofFile path: String,
        in context: CommandContext
    ) async throws(Failure) -> [(token: String, subject: String)] {
        let text = String(decoding: try await context.inputs.file(path), as: UTF8.self)
        var tokens: [(token: String, subject: String)] = []
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let words = line.split(whereSeparator: \.isWhitespace)
            guard let last = words.last, words[0].first != "#" else { continue }
            let place = "Line \(index + 1) of \(path)"
            guard words.count <= 2 else {
                throw .usage("\(place) has more than two words.", nextStep: "Write TOKEN or NAME TOKEN on each line.")
            }
            tokens.append((try checked(String(last), of: place), words.count == 2 ? String(words[0]) : "token"))
        }
        guard !tokens.isEmpty else {
            throw .usage("\(path) contains no token.", nextStep: "Write TOKEN or NAME TOKEN on each line.")
        }
        return tokens
    }

    private static func checked(_ token: String, of source: String) throws(Failure) -> String {
        if isToken(token) { return token }
        throw .usage(
            "\(source) is not a valid token: it is empty or contains spaces or other invalid characters.",
            nextStep: "Use a token without spaces, such as the output of: openssl rand -hex 32"
        )
    }
}
