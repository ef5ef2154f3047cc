import ArgumentParser
import MCPHTTPServer
import Tester

/// The options for serving, most of them over HTTP.
struct ServingOptions: ParsableArguments {
    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Transport to serve on (default: stdio).", valueName: "stdio|streamable-http|sse")
    )
    var transport: String?

    @Option(
        name: [.customShort("H"), .long],
        help: ArgumentHelp("Address to listen on (default: 127.0.0.1). HTTP transports only.", valueName: "address")
    )
    var host: String?

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "Port to listen on (default: 8000; 0 selects a free port). HTTP transports only.",
            valueName: "number"
        )
    )
    var port: Int?

    @Option(help: ArgumentHelp("Path of the endpoint (default: /mcp, or /sse for sse).", valueName: "path"))
    var path: String?

    @Option(
        help: ArgumentHelp(
            "Host header to accept besides the address itself (name or name:port). Repeatable.",
            valueName: "host"
        )
    )
    var allowedHost: [String] = []

    @Option(
        help: ArgumentHelp(
            "Origin of web pages to accept, such as https://app.example.com. Repeatable.",
            valueName: "origin"
        )
    )
    var allowedOrigin: [String] = []

    @Option(
        help: ArgumentHelp(
            "Bearer token that clients must send (default: MCP_TEST_SERVER_TOKEN). Required beyond loopback.",
            valueName: "@file|env:name"
        )
    )
    var authToken: String?

    @Option(
        help: ArgumentHelp(
            "File of accepted bearer tokens, one per line: TOKEN, or NAME TOKEN to tell clients apart.",
            valueName: "file"
        )
    )
    var authTokenFile: String?

    @OptionGroup
    var resource: ResourceOptions

    @Flag(
        help:
            "Accept requests without a token, even beyond loopback. Anyone who reaches the address can start programs."
    )
    var noAuth = false

    @Option(
        help: ArgumentHelp("Maximum size of a request body (default: 16M).", valueName: "bytes"),
        transform: ByteCount.read
    )
    var maxBody: Int?

    @Option(
        help: ArgumentHelp("Maximum size of a request head (default: 32K).", valueName: "bytes"),
        transform: ByteCount.read
    )
    var maxHead: Int?

    @Option(
        help: ArgumentHelp(
            "Maximum number of open connections (default: \(HTTPServerLimits().connections)).",
            valueName: "count"
        ),
        transform: Count.positive
    )
    var maxConnections: Int?

    @Option(
        help: ArgumentHelp("Maximum number of open sessions (default: 2048).", valueName: "count"),
        transform: Count.positive
    )
    var maxSessions: Int?

    @Option(
        help: ArgumentHelp("Maximum number of open event streams (default: 2048).", valueName: "count"),
        transform: Count.positive
    )
    var maxStreams: Int?

    @Option(
        help: ArgumentHelp("Maximum number of requests in flight (default: 1024).", valueName: "count"),
        transform: Count.positive
    )
    var maxRequests: Int?

    @Option(
        help: ArgumentHelp(
            "Maximum size of all buffers together (default: \(ByteCount.text(HTTPServerLimits().bufferBytes))).",
            valueName: "bytes"
        ),
        transform: ByteCount.read
    )
    var maxBuffers: Int?

    @Option(
        help: ArgumentHelp("Idle timeout of a session, in seconds (default: 1800).", valueName: "seconds"),
        transform: Seconds.positive
    )
    var sessionIdle: Duration?

    @Option(
        help: ArgumentHelp(
            "Seconds to wait for open calls when standard input ends (default: 1). Stdio only.",
            valueName: "seconds"
        ),
        transform: Seconds.zeroOrMore
    )
    var drain: Duration?

    /// The given options that do not apply to stdio.
    ///
    /// Address and port are not among them: the Python original accepted them for every transport.
    ///
    /// - Parameter hasPage: Whether a page with metrics is served, whose readers some options allow.
    private func given(besidesPage hasPage: Bool) -> [String] {
        let all: [(name: String, isGiven: Bool)] = [
            ("--path", path != nil), ("--allowed-host", !allowedHost.isEmpty && !hasPage),
            ("--allowed-origin", !allowedOrigin.isEmpty && !hasPage),
            ("--auth-token", authToken != nil), ("--auth-token-file", authTokenFile != nil), ("--no-auth", noAuth),
            ("--max-body", maxBody != nil), ("--max-head", maxHead != nil),
            ("--max-connections", maxConnections != nil),
            ("--max-sessions", maxSessions != nil), ("--max-streams", maxStreams != nil),
            ("--max-requests", maxRequests != nil), ("--max-buffers", maxBuffers != nil),
            ("--session-idle", sessionIdle != nil),
        ]
        return (all + resource.given).filter(\.isGiven).map(\.name)
    }

    /// Refuses options that apply only to HTTP.
    func refuseForStdio(besidesPage hasPage: Bool) throws(Failure) {
        if let option = given(besidesPage: hasPage).first { throw Self.onlyOverHTTP(option) }
    }

    /// Refuses options that apply only to stdio.
    func refuseForHTTP() throws(Failure) {
        guard drain != nil else { return }
        throw .usage("--drain applies to stdio only.", nextStep: "Omit it, or omit --transport.")
    }

    static func onlyOverHTTP(_ option: String) -> Failure {
        .usage(
            "\(option) applies to the HTTP transports only.",
            nextStep: "Omit it, or add --transport streamable-http (or sse)."
        )
    }

    /// Whether the transport is one over HTTP.
    func isOverHTTP(_ environment: Environment) -> Bool {
        transport ?? environment[.transport] ?? "stdio" != ServeSettings.Transport.stdio.rawValue
    }

    func validate() throws {
        if let port, port != 0, !ServeSettings.isPort(port) {
            throw ValidationError("\(port) is not a port: give 1 to 65535, or 0 for a free one")
        }
        if let path, !path.hasPrefix("/") || path.contains(where: { "?#".contains($0) || $0.isWhitespace }) {
            throw ValidationError("\"\(path)\" is not a path: give one that begins with /, such as /mcp")
        }
        for origin in allowedOrigin where !Self.isOrigin(origin) {
            throw ValidationError(
                "\"\(origin)\" is not an origin: give scheme and host, such as https://app.example.com"
            )
        }
        for host in allowedHost where host.isEmpty || host.contains(where: { $0 == "/" || $0.isWhitespace }) {
            throw ValidationError("\"\(host)\" is not a host: give a name or name:port, without scheme and path")
        }
    }

    /// Whether a text is a scheme, a host and perhaps a port, as browsers send it.
    private static func isOrigin(_ text: String) -> Bool {
        guard let scheme = text.firstRange(of: "://"), scheme.lowerBound != text.startIndex else { return false }
        let rest = text[scheme.upperBound...]
        let host = rest.hasSuffix("/") ? rest.dropLast() : rest
        return !host.isEmpty && !host.contains { $0 == "/" || $0 == "*" || $0.isWhitespace }
    }
}

extension ServingOptions {
    /// The limits, with the given ones in place of the defaults.
    func limits(_ defaults: HTTPServerLimits) -> HTTPServerLimits {
        var limits = defaults
        limits.bodyBytes = maxBody ?? defaults.bodyBytes
        limits.headBytes = maxHead ?? defaults.headBytes
        limits.connections = maxConnections ?? defaults.connections
        limits.sessions = maxSessions ?? defaults.sessions
        limits.streams = maxStreams ?? defaults.streams
        limits.requests = maxRequests ?? defaults.requests
        limits.bufferBytes = maxBuffers ?? defaults.bufferBytes
        limits.sessionIdle = sessionIdle ?? defaults.sessionIdle
        return limits
    }
}
