import ArgumentParser
import MCPHTTPClient
import Tester

/// The options for a target that is reached by a URL.
struct HTTPTargetOptions: ParsableArguments {
    enum Transport: String, CaseIterable, ExpressibleByArgument {
        case auto
        case stdio
        case streamableHTTP = "streamable-http"
        case sse
    }

    @Option(
        help: ArgumentHelp(
            "Transport; auto chooses by the target, and HTTP+SSE for a URL that ends in /sse.",
            valueName: "auto|stdio|streamable-http|sse"
        )
    )
    var transport: Transport = .auto

    @Option(
        help: ArgumentHelp(
            "HTTP header to send with every request. Repeatable. Values are never shown.",
            valueName: "K: V"
        )
    )
    var header: [String] = []

    @Option(
        help: ArgumentHelp(
            "HTTP header with the value of a variable, which other users of this machine cannot see. Repeatable.",
            valueName: "K=VARIABLE"
        )
    )
    var headerEnv: [String] = []

    @Option(
        help: ArgumentHelp(
            "Bearer token for the server, from a file or a variable (default: MCP_TEST_AUTH_TOKEN).",
            valueName: "@file|env:name"
        )
    )
    var authToken: String?

    @Option(help: ArgumentHelp("Bearer token for the server, from a file.", valueName: "file"))
    var authTokenFile: String?

    @Option(
        help: ArgumentHelp(
            "Command that prints a bearer token for the server, without a shell.",
            valueName: "command"
        )
    )
    var authTokenCommand: String?

    @Option(help: ArgumentHelp("PEM file with certificates to trust besides the system's.", valueName: "file"))
    var ca: String?

    @Flag(help: "Skip certificate verification. Anyone on the network path can then read and change everything.")
    var insecure = false

    @Flag(help: "Follow redirects to the same origin. Cross-origin redirects are never followed.")
    var followRedirects = false

    @Option(
        name: [.customLong("max-response"), .customLong("max-message")],
        help: ArgumentHelp(
            "Maximum size of a response or event (default: \(ByteCount.text(HTTPClientLimits().responseBytes))).",
            valueName: "bytes"
        ),
        transform: ByteCount.read
    )
    var maxResponse: Int?

    @Option(
        help: ArgumentHelp("Maximum resume attempts without progress (default: 5).", valueName: "count"),
        transform: Count.zeroOrMore
    )
    var maxResumptions: Int?

    @Option(
        help: ArgumentHelp("Timeout for ending a session, in seconds (default: 2).", valueName: "seconds"),
        transform: Seconds.zeroOrMore
    )
    var closeTimeout: Duration?

    /// The given options that apply only to a URL.
    private var given: [String] {
        let all: [(name: String, isGiven: Bool)] = [
            ("--header", !header.isEmpty), ("--header-env", !headerEnv.isEmpty), ("--auth-token", authToken != nil),
            ("--auth-token-file", authTokenFile != nil), ("--auth-token-command", authTokenCommand != nil),
            ("--ca", ca != nil), ("--insecure", insecure), ("--follow-redirects", followRedirects),
            ("--max-response", maxResponse != nil), ("--max-resumptions", maxResumptions != nil),
            ("--close-timeout", closeTimeout != nil),
        ]
        return all.filter(\.isGiven).map(\.name)
    }

    /// Refuses options that do not apply to a target that is started.
    ///
    /// - Parameter authorization: The given options for authorization, which do not apply either.
    func refuseForProcess(_ authorization: AuthorizationOptions) throws(Failure) {
        if transport == .streamableHTTP || transport == .sse {
            throw .usage(
                "--transport \(transport.rawValue) requires a URL, but the target is a command.",
                nextStep: "Give the server's http:// or https:// URL, or omit --transport."
            )
        }
        if let option = given.first ?? authorization.given.first {
            throw .usage(
                "\(option) applies only to a target that is a URL.",
                nextStep: "Omit it, or give the server's http:// or https:// URL."
            )
        }
    }

    /// How a URL is reached; the URL itself is empty.
    func endpoint(in context: CommandContext) throws(Failure) -> HTTPEndpoint {
        var endpoint = HTTPEndpoint(url: "", headers: try headers(in: context))
        endpoint.transport = try choice
        endpoint.tls = TLSChoice(authorities: ca, verifies: !insecure)
        endpoint.proxy = ProxyChoice.reading { context.environment.value(of: $0) }
        endpoint.followsRedirects = followRedirects
        endpoint.limits.responseBytes = maxResponse ?? endpoint.limits.responseBytes
        endpoint.limits.resumptions = maxResumptions ?? endpoint.limits.resumptions
        endpoint.limits.close = closeTimeout ?? endpoint.limits.close
        return endpoint
    }

    /// Whether a bearer token is given.
    var hasToken: Bool { authToken != nil || authTokenFile != nil || authTokenCommand != nil }

    /// The bearer token of `--auth-token`, `--auth-token-file` or `--auth-token-command`.
    func token(in context: CommandContext) async throws(Failure) -> String? {
        let names = given.filter { $0.hasPrefix("--auth-token") }
        guard let option = names.first else { return nil }
        guard names.count == 1 else {
            throw .usage("\(names.joined(separator: " and ")) exclude each other.", nextStep: "Give one of them.")
        }
        if let authTokenCommand { return try await TokenCommand(line: authTokenCommand).token(on: context.clock) }
        let source = authToken ?? authTokenFile.map { "@\($0)" } ?? ""
        let token = try await SecretSource(source, option: option).read(in: context)
        guard isToken(token) else {
            throw .usage(
                "The \(option) is not a valid token: it is empty or contains spaces or other invalid characters.",
                nextStep: "Put the token alone into the file or the variable, without \"Bearer\"."
            )
        }
        return token
    }

    private var choice: HTTPEndpoint.TransportChoice {
        get throws(Failure) {
            switch transport {
            case .auto: .auto
            case .streamableHTTP: .streamableHTTP
            case .sse: .sse
            case .stdio:
                throw .usage(
                    "--transport stdio requires a command, but the target is a URL.",
                    nextStep: "Omit --transport, or give the command that starts the server after --."
                )
            }
        }
    }

    // MARK: - Headers

    private func headers(in context: CommandContext) throws(Failure) -> [HTTPField] {
        var fields: [HTTPField] = []
        for text in header {
            guard let colon = text.firstIndex(of: ":") else {
                throw .usage("A --header argument has no colon.", nextStep: "Write --header 'NAME: VALUE'.")
            }
            let value = text[text.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
            fields.append(try Self.field(text[..<colon], String(value), option: "--header"))
        }
        for text in headerEnv {
            guard let equals = text.firstIndex(of: "=") else {
                throw .usage(
                    "A --header-env argument is not NAME=VARIABLE.",
                    nextStep: "Write --header-env NAME=VARIABLE."
                )
            }
            let variable = String(text[text.index(after: equals)...])
            guard let value = context.environment.value(of: variable) else {
                throw .usage(
                    "--header-env: the variable \(variable) is not set.",
                    nextStep: context.environment.adviceToSet(variable)
                )
            }
            fields.append(try Self.field(text[..<equals], value, option: "--header-env"))
        }
        return fields
    }

    private static func field(_ name: Substring, _ value: String, option: String) throws(Failure) -> HTTPField {
        // The name is not repeated: a value with a colon but without a name would be shown in its place.
        guard !name.isEmpty, name.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw .usage("\(option): the header name is invalid.", nextStep: "Use a name such as X-Api-Key.")
        }
        guard !value.utf8.contains(where: { $0 < 0x20 && $0 != 0x09 || $0 == 0x7F }) else {
            throw .usage(
                "\(option): the value of \(name) contains a line break or another control character.",
                nextStep: "Give a value of one line."
            )
        }
        return HTTPField(String(name), value)
    }
}
