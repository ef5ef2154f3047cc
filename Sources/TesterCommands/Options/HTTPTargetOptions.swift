import ArgumentParser
import MCPHTTPClient
import Tester

/// What can be told about a target that is reached by a URL.
struct HTTPTargetOptions: ParsableArguments {
    /// The ways to reach a target, by the names that users know.
    enum Transport: String, CaseIterable, ExpressibleByArgument {
        case auto
        case stdio
        case streamableHTTP = "streamable-http"
        case sse
    }

    @Option(
        help: ArgumentHelp(
            "How to reach the server (default: auto, which a URL or a command decides; a URL that ends in /sse is HTTP+SSE).",
            valueName: "auto|stdio|streamable-http|sse"
        )
    )
    var transport: Transport = .auto

    @Option(
        help: ArgumentHelp(
            "Send this header with every request; may be repeated. Values are never shown.",
            valueName: "K: V"
        )
    )
    var header: [String] = []

    @Option(
        help: ArgumentHelp(
            "The same with the value of a variable, which other users of this machine cannot see.",
            valueName: "K=VARIABLE"
        )
    )
    var headerEnv: [String] = []

    @Option(
        help: ArgumentHelp(
            "Bearer token for the server, from a file or a variable (default: the variable MCP_TEST_AUTH_TOKEN).",
            valueName: "@file|env:name"
        )
    )
    var authToken: String?

    @Option(help: ArgumentHelp("Trust the certificates in this PEM file beside the system's.", valueName: "file"))
    var ca: String?

    @Flag(help: "Do not verify the server's certificate. Anybody on the way can then read and change everything.")
    var insecure = false

    @Flag(help: "Follow redirects to the same origin; others never are.")
    var followRedirects = false

    @Option(
        help: ArgumentHelp("Take answers and events of at most this size (default: 64M).", valueName: "bytes"),
        transform: ByteCount.read
    )
    var maxMessage: Int?

    @Option(
        help: ArgumentHelp(
            "Take a broken stream up again so often without getting on (default: 5).",
            valueName: "count"
        ),
        transform: Count.zeroOrMore
    )
    var maxResumptions: Int?

    @Option(
        help: ArgumentHelp("Give the end of a session so long (default: 2).", valueName: "seconds"),
        transform: Seconds.zeroOrMore
    )
    var closeTimeout: Duration?

    /// The options that were given although only a URL has a use for them.
    private var given: [String] {
        let all: [(name: String, isGiven: Bool)] = [
            ("--header", !header.isEmpty), ("--header-env", !headerEnv.isEmpty), ("--auth-token", authToken != nil),
            ("--ca", ca != nil), ("--insecure", insecure), ("--follow-redirects", followRedirects),
            ("--max-message", maxMessage != nil), ("--max-resumptions", maxResumptions != nil),
            ("--close-timeout", closeTimeout != nil),
        ]
        return all.filter(\.isGiven).map(\.name)
    }

    /// Refuses what makes no sense for a target that is started.
    func refuseForProcess() throws(Failure) {
        if transport == .streamableHTTP || transport == .sse {
            throw .usage(
                "--transport \(transport.rawValue) needs a URL, and the target is a command.",
                nextStep: "Name the server by its http:// or https:// URL, or leave --transport out."
            )
        }
        if let option = given.first {
            throw .usage(
                "\(option) has a meaning only for a target that is a URL.",
                nextStep: "Leave it out, or name the server by its http:// or https:// URL."
            )
        }
    }

    /// How a URL is reached.
    func endpoint(in context: CommandContext) throws(Failure) -> HTTPEndpoint {
        var endpoint = HTTPEndpoint(url: "", headers: try headers(in: context))
        endpoint.transport = try choice
        endpoint.tls = TLSChoice(authorities: ca, verifies: !insecure)
        endpoint.proxy = ProxyChoice.reading { context.environment.value(of: $0) }
        endpoint.followsRedirects = followRedirects
        endpoint.limits.responseBytes = maxMessage ?? endpoint.limits.responseBytes
        endpoint.limits.resumptions = maxResumptions ?? endpoint.limits.resumptions
        endpoint.limits.close = closeTimeout ?? endpoint.limits.close
        return endpoint
    }

    /// The token that was given for the server, if one was.
    func token(in context: CommandContext) throws(Failure) -> String? {
        guard let authToken else { return nil }
        let token = try SecretSource(authToken, option: "--auth-token").read(in: context)
        guard isToken(token) else {
            throw .usage(
                "What --auth-token names is no token: it is empty or has spaces or other characters that none may have.",
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
                    "--transport stdio needs a command, and the target is a URL.",
                    nextStep: "Leave --transport out, or give the command that starts the server after --."
                )
            }
        }
    }

    private func headers(in context: CommandContext) throws(Failure) -> [HTTPField] {
        var fields: [HTTPField] = []
        for text in header {
            guard let colon = text.firstIndex(of: ":") else {
                throw .usage("A --header has no \":\" after its name.", nextStep: "Write --header 'NAME: VALUE'.")
            }
            let value = text[text.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
            fields.append(try Self.field(text[..<colon], String(value), option: "--header"))
        }
        for text in headerEnv {
            guard let equals = text.firstIndex(of: "=") else {
                throw .usage("--header-env \(text) has no \"=\".", nextStep: "Write --header-env NAME=VARIABLE.")
            }
            let variable = String(text[text.index(after: equals)...])
            guard let value = context.environment.value(of: variable) else {
                throw .usage(
                    "--header-env \(text): the variable \(variable) is not set.",
                    nextStep: "Set it to the header's value."
                )
            }
            fields.append(try Self.field(text[..<equals], value, option: "--header-env"))
        }
        return fields
    }

    private static func field(_ name: Substring, _ value: String, option: String) throws(Failure) -> HTTPField {
        guard !name.isEmpty, name.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw .usage("\(option): \"\(name)\" is no name of a header.", nextStep: "Write a name such as X-Api-Key.")
        }
        guard !value.utf8.contains(where: { $0 < 0x20 && $0 != 0x09 || $0 == 0x7F }) else {
            throw .usage(
                "\(option): the value of \(name) has a line end or another control character.",
                nextStep: "Give a value of one line."
            )
        }
        return HTTPField(String(name), value)
    }
}
