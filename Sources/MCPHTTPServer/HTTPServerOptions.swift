public import MCPTransport

/// Where and how hosts are served over HTTP.
public struct HTTPServerOptions: Sendable {
    /// The transports that can be served.
    public enum Kind: Sendable, Hashable {
        /// Streamable HTTP: one path, both eras.
        case streamableHTTP
        /// HTTP+SSE of the first revision: a stream and a path for messages.
        case sse
    }

    /// The transport.
    public var kind: Kind
    /// The address to listen on: a name or a number.
    public var host: String
    /// The port to listen on; 0 takes a free one.
    public var port: Int
    /// The path of the endpoint.
    public var path: String
    /// Names by which hosts may address the server (`name` or `name:port`), beside those of the address itself.
    public var allowedHosts: [String]
    /// Origins of web pages that may speak to the server, beside its own.
    public var allowedOrigins: [String]
    /// How whoever starts the server lets further hosts in, for the answers to those that are refused: two halves of a
    /// sentence, such as "start it with --allowed-host" before the name.
    public var advice: (host: String, origin: String)?
    /// Tells whose token it is; nothing means that no token is asked for.
    public var authentication: Authentication?
    /// How much is taken.
    public var limits: HTTPServerLimits
    /// What is done wrong on purpose.
    public var faults: Set<HTTPFault> = []
    /// Whether only calls of tools are spoiled, so that a client gets as far as that.
    ///
    /// A session with a wrong name has it from its beginning in any case.
    public var faultsStrikeCallsOnly = false

    /// Creates options.
    public init(
        kind: Kind = .streamableHTTP,
        host: String = "127.0.0.1",
        port: Int = 8000,
        path: String = "/mcp",
        allowedHosts: [String] = [],
        allowedOrigins: [String] = [],
        authentication: Authentication? = nil,
        limits: HTTPServerLimits = HTTPServerLimits()
    ) {
        self.kind = kind
        self.host = host
        self.port = port
        self.path = path
        self.allowedHosts = allowedHosts
        self.allowedOrigins = allowedOrigins
        self.authentication = authentication
        self.limits = limits
    }
}

extension HTTPServerOptions {
    /// Whether only this machine can reach the address; if not, ask for tokens.
    public var isLoopback: Bool {
        let name = host.lowercased()
        if ["localhost", "::1", "[::1]"].contains(name) { return true }
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}

/// Bearer tokens and whose they are.
public struct Authentication: Sendable {
    private let subjects: [(token: [UInt8], subject: String)]

    /// Creates an authentication from tokens and their subjects.
    public init(tokens: [(token: String, subject: String)]) {
        subjects = tokens.map { (Array($0.token.utf8), $0.subject) }
    }

    /// Whose token it is; each comparison takes as long whatever stands in the token.
    public func principal(of token: String) -> Principal? {
        let given = Array(token.utf8)
        var found: Principal?
        for (token, subject) in subjects where token.count == given.count {
            var difference: UInt8 = 0
            for (left, right) in zip(token, given) { difference |= left ^ right }
            if difference == 0 { found = .subject(subject) }
        }
        return found
    }
}

/// How much an HTTP server takes before it refuses.
public struct HTTPServerLimits: Sendable, Hashable {
    /// The largest body of a request, in bytes; more is answered with 413.
    public var bodyBytes: Int
    /// The largest head of a request, in bytes; more is answered with 431.
    public var headBytes: Int
    /// How many connections may be open at once.
    public var connections: Int
    /// How many sessions may be open at once; one more is answered with 503.
    public var sessions: Int
    /// How many streams of events may be open at once; one more is answered with 503.
    public var streams: Int
    /// How many requests may be in flight at once; one more is answered with 503.
    public var requests: Int
    /// How long a session may lie idle before it ends.
    public var sessionIdle: Duration
    /// How long a request may take to arrive; then it is answered with 408 or its connection is closed.
    public var requestArrival: Duration
    /// How long a connection may lie open without a request.
    public var connectionIdle: Duration
    /// How long an answer may take before its stream of events begins and is kept alive.
    public var streamStart: Duration
    /// How often a quiet stream is given a sign of life.
    public var keepAlive: Duration
    /// How many bytes of events each session keeps for clients that come back.
    public var replayBytes: Int
    /// How many bytes may wait for a client that does not read its stream; with more its connection is closed.
    public var streamBytes: Int
    /// How long streams may take to finish when the server stops.
    public var shutdown: Duration

    /// Creates limits.
    public init(
        bodyBytes: Int = 16 << 20,
        headBytes: Int = 32 << 10,
        connections: Int = 4096,
        sessions: Int = 2048,
        streams: Int = 2048,
        requests: Int = 1024,
        sessionIdle: Duration = .seconds(1800),
        requestArrival: Duration = .seconds(30),
        connectionIdle: Duration = .seconds(60),
        streamStart: Duration = .seconds(15),
        keepAlive: Duration = .seconds(15),
        replayBytes: Int = 1 << 20,
        streamBytes: Int = 16 << 20,
        shutdown: Duration = .seconds(5)
    ) {
        self.bodyBytes = bodyBytes
        self.headBytes = headBytes
        self.connections = connections
        self.sessions = sessions
        self.streams = streams
        self.requests = requests
        self.sessionIdle = sessionIdle
        self.requestArrival = requestArrival
        self.connectionIdle = connectionIdle
        self.streamStart = streamStart
        self.keepAlive = keepAlive
        self.replayBytes = replayBytes
        self.streamBytes = streamBytes
        self.shutdown = shutdown
    }
}
