import DemoServer
import MCPHTTPServer
import Tester

/// How hosts are served: by the settings, and the options that only HTTP has.
enum ServingPlan: Sendable {
    /// The one host that started us.
    case stdio
    /// Whoever reaches the address and may.
    case http(HTTPServerOptions)

    /// Makes a plan.
    ///
    /// - Throws: ``Failure`` of the class `usage`, also for an address beyond loopback that asks for no token without
    ///   that being said.
    init(_ settings: ServeSettings, _ options: ServingOptions, in context: CommandContext) throws(Failure) {
        let kind: HTTPServerOptions.Kind
        switch settings.transport {
        case .stdio:
            try options.refuseForStdio()
            self = .stdio
            return
        case .streamableHTTP: kind = .streamableHTTP
        case .sse: kind = .sse
        }
        var plan = HTTPServerOptions(kind: kind, host: settings.host, port: settings.port)
        plan.path = options.path ?? (kind == .sse ? "/sse" : "/mcp")
        plan.allowedHosts = options.allowedHost
        plan.allowedOrigins = options.allowedOrigin
        plan.advice = ("start it with --allowed-host", "start it with --allowed-origin")
        plan.authentication = try Self.authentication(options, in: context)
        if plan.authentication == nil, !options.noAuth, !plan.isLoopback {
            throw .usage(
                "\(settings.host) can be reached from other machines, and no token is asked for: whoever reaches it could "
                    + "start programs here.",
                nextStep:
                    "Give --auth-token @FILE (or set MCP_TEST_SERVER_TOKEN), or say --no-auth if that is what you want."
            )
        }
        plan.limits = options.limits(plan.limits)
        self = .http(plan)
    }

    /// The same with the faults that only a transport can have.
    ///
    /// - Throws: ``Failure`` of the class `usage` where the transport cannot have them.
    func failing(by faults: [Fault]) throws(Failure) -> ServingPlan {
        let faults = faults.filter(\.isHTTPFault)
        guard let first = faults.first else { return self }
        guard case .http(var options) = self, options.kind == .streamableHTTP else {
            throw .usage(
                "The fault \(first.rawValue) is one of Streamable HTTP, and that is not served.",
                nextStep: "Give --transport streamable-http with it, and test the URL that it then says."
            )
        }
        options.faults = Set(faults.compactMap { HTTPFault(rawValue: $0.rawValue) })
        options.limitsFaultsToToolCalls = true
        return .http(options)
    }

    // MARK: - Tokens

    private static func authentication(
        _ options: ServingOptions,
        in context: CommandContext
    ) throws(Failure) -> Authentication? {
        if options.noAuth {
            guard options.authToken == nil, options.authTokenFile == nil else {
                throw .usage("Both a token and --no-auth are given.", nextStep: "Give one of them.")
            }
            return nil
        }
        var tokens: [(token: String, subject: String)] = []
        if let file = options.authTokenFile { tokens += try self.tokens(ofFile: file, in: context) }
        if let source = options.authToken {
            let token = try SecretSource(source, option: "--auth-token").read(in: context)
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
    ) throws(Failure) -> [(token: String, subject: String)] {
        let text = String(decoding: try context.inputs.file(path), as: UTF8.self)
        var tokens: [(token: String, subject: String)] = []
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let words = line.split(whereSeparator: \.isWhitespace)
            guard let last = words.last, words[0].first != "#" else { continue }
            let place = "line \(index + 1) of \(path)"
            guard words.count <= 2 else {
                throw .usage("\(place) has more than two words.", nextStep: "Write TOKEN or NAME TOKEN on each line.")
            }
            tokens.append((try checked(String(last), of: place), words.count == 2 ? String(words[0]) : "token"))
        }
        guard !tokens.isEmpty else {
            throw .usage("There is no token in \(path).", nextStep: "Write TOKEN or NAME TOKEN on each line.")
        }
        return tokens
    }

    private static func checked(_ token: String, of source: String) throws(Failure) -> String {
        if isToken(token) { return token }
        throw .usage(
            "What \(source) gives is no token: it is empty or has spaces or other characters that none may have.",
            nextStep: "Give a token of letters, digits and signs, such as the output of: openssl rand -hex 32"
        )
    }
}

extension ServingOptions {
    /// The limits that are given in place of the usual ones.
    func limits(_ usual: HTTPServerLimits) -> HTTPServerLimits {
        var limits = usual
        limits.bodyBytes = maxBody ?? usual.bodyBytes
        limits.headBytes = maxHead ?? usual.headBytes
        limits.connections = maxConnections ?? usual.connections
        limits.sessions = maxSessions ?? usual.sessions
        limits.streams = maxStreams ?? usual.streams
        limits.requests = maxRequests ?? usual.requests
        limits.sessionIdle = sessionIdle ?? usual.sessionIdle
        return limits
    }
}
