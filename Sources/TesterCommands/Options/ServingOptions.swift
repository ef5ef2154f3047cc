import ArgumentParser
import Tester

/// What can be told about serving over HTTP.
struct ServingOptions: ParsableArguments {
    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("How to serve (default: stdio).", valueName: "stdio|streamable-http|sse")
    )
    var transport: String?

    @Option(
        name: [.customShort("H"), .long],
        help: ArgumentHelp(
            "Address to serve on, for the transports over HTTP (default: 127.0.0.1).",
            valueName: "address"
        )
    )
    var host: String?

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "Port to serve on, for the transports over HTTP (default: 8000); 0 takes a free one.",
            valueName: "number"
        )
    )
    var port: Int?

    @Option(help: ArgumentHelp("Path to serve on (default: /mcp, or /sse for sse).", valueName: "path"))
    var path: String?

    @Option(
        help: ArgumentHelp(
            "Report requests to this host (name or name:port) beside the address itself; may be repeated.",
            valueName: "host"
        )
    )
    var allowedHost: [String] = []

    @Option(
        help: ArgumentHelp(
            "Report web pages of this origin (such as https://app.example.com); may be repeated.",
            valueName: "origin"
        )
    )
    var allowedOrigin: [String] = []

    @Option(
        help: ArgumentHelp(
            "Ask for this bearer token (default: the variable MCP_TEST_SERVER_TOKEN). Demanded beyond loopback.",
            valueName: "@file|env:name"
        )
    )
    var authToken: String?

    @Option(
        help: ArgumentHelp(
            "Ask for one of the bearer tokens in this file, one a line: TOKEN, or NAME TOKEN to tell their owners apart.",
            valueName: "file"
        )
    )
    var authTokenFile: String?

    @Flag(
        help: "Ask for no token, also beyond loopback: everybody who reaches the address can then start programs here."
    )
    var noAuth = false

    @Option(
        help: ArgumentHelp("Take bodies of at most this size (default: 16M).", valueName: "bytes"),
        transform: ByteCount.read
    )
    var maxBody: Int?

    @Option(
        help: ArgumentHelp("Take heads of at most this size (default: 32K).", valueName: "bytes"),
        transform: ByteCount.read
    )
    var maxHead: Int?

    @Option(
        help: ArgumentHelp("Have at most so many connections open (default: 4096).", valueName: "count"),
        transform: Count.positive
    )
    var maxConnections: Int?

    @Option(
        help: ArgumentHelp("Have at most so many sessions open (default: 2048).", valueName: "count"),
        transform: Count.positive
    )
    var maxSessions: Int?

    @Option(
        help: ArgumentHelp("Have at most so many streams of events open (default: 2048).", valueName: "count"),
        transform: Count.positive
    )
    var maxStreams: Int?

    @Option(
        help: ArgumentHelp("Have at most so many requests in flight (default: 1024).", valueName: "count"),
        transform: Count.positive
    )
    var maxRequests: Int?

    @Option(
        help: ArgumentHelp("End sessions that nobody uses after so long (default: 1800).", valueName: "seconds"),
        transform: Seconds.positive
    )
    var sessionIdle: Duration?

    /// The options that were given although standard input and output have no use for them.
    ///
    /// Address and port are not among them: the predecessor of this program took them for every transport.
    private var given: [String] {
        let all: [(name: String, isGiven: Bool)] = [
            ("--path", path != nil), ("--allowed-host", !allowedHost.isEmpty),
            ("--allowed-origin", !allowedOrigin.isEmpty),
            ("--auth-token", authToken != nil), ("--auth-token-file", authTokenFile != nil), ("--no-auth", noAuth),
            ("--max-body", maxBody != nil), ("--max-head", maxHead != nil),
            ("--max-connections", maxConnections != nil),
            ("--max-sessions", maxSessions != nil), ("--max-streams", maxStreams != nil),
            ("--max-requests", maxRequests != nil), ("--session-idle", sessionIdle != nil),
        ]
        return all.filter(\.isGiven).map(\.name)
    }

    /// Refuses what has a meaning only over HTTP.
    func refuseForStdio() throws(Failure) {
        if let option = given.first { throw Self.onlyOverHTTP(option) }
    }

    /// Why an option is refused where standard input and output are served.
    static func onlyOverHTTP(_ option: String) -> Failure {
        .usage(
            "\(option) has a meaning only over HTTP, and standard input and output are served.",
            nextStep: "Leave it out, or give --transport streamable-http (or sse)."
        )
    }

    /// Tells whether other programs than the one that started us are to be served.
    func isOverHTTP(_ environment: Environment) -> Bool {
        transport ?? environment[.transport] ?? "stdio" != ServeSettings.Transport.stdio.rawValue
    }

    func validate() throws {
        if let port, port != 0, !ServeSettings.isPort(port) {
            throw ValidationError("\(port) is no port: give 1 to 65535, or 0 for a free one")
        }
        if let path, !path.hasPrefix("/") || path.contains(where: { "?#".contains($0) || $0.isWhitespace }) {
            throw ValidationError("\"\(path)\" is no path: give one that begins with /, such as /mcp")
        }
        for origin in allowedOrigin where !Self.isOrigin(origin) {
            throw ValidationError("\"\(origin)\" is no origin: give scheme and host, such as https://app.example.com")
        }
        for host in allowedHost where host.isEmpty || host.contains(where: { $0 == "/" || $0.isWhitespace }) {
            throw ValidationError("\"\(host)\" is no host: give a name, or name:port, without scheme and path")
        }
    }
    /// Scheme, host and perhaps a port, as browsers send it.
    private static func isOrigin(_ text: String) -> Bool {
        guard let scheme = text.firstRange(of: "://"), scheme.lowerBound != text.startIndex else { return false }
        let rest = text[scheme.upperBound...]
        let host = rest.hasSuffix("/") ? rest.dropLast() : rest
        return !host.isEmpty && !host.contains { $0 == "/" || $0 == "*" || $0.isWhitespace }
    }
}
