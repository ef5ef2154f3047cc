/// How a server over HTTP is reached and what it accepts.
public struct HTTPServerOptions: Sendable {
    /// The transports that can be served.
    public enum Kind: Sendable, Hashable {
        /// Streamable HTTP: one path for both eras.
        case streamableHTTP
        /// HTTP+SSE of the first revision: an event stream and a path for messages.
        case sse
    }

    /// The transport.
    public var kind: Kind
    /// The address to listen on: a host name or an IP address.
    public var host: String
    /// The port to listen on; 0 picks a free one.
    public var port: Int
    /// The path of the endpoint.
    public var path: String
    /// Values of `Host` that are accepted besides the server's own (`name` or `name:port`).
    public var allowedHosts: [String]
    /// Origins of web pages that are accepted besides the server's own.
    public var allowedOrigins: [String]
    /// How the server's user allows another host or origin, such as "start it with --allowed-host".
    ///
    /// An error response appends the refused name to it.
    public var advice: (host: String, origin: String)?
    /// The tokens that are accepted; nil if the server requires none.
    public var authentication: Authentication?
    /// Makes what belongs to the server besides its endpoint, once its URL is known; nil if there is nothing.
    public var makeSite: (@Sendable (_ url: String) -> HTTPSite)?
    /// The limits of the server.
    public var limits: HTTPServerLimits
    /// The faults that the server injects on purpose.
    public var faults: Set<HTTPFault> = []
    /// Injects faults only into tool calls, so that a client gets as far as calling a tool.
    ///
    /// ``HTTPFault/session`` affects the handshake in any case.
    public var limitsFaultsToToolCalls = false
    /// The faults in authorization that the server injects on purpose.
    public var authorizationFaults: Set<AuthorizationFault> = []

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
    /// The URL of the endpoint at a port.
    func url(at port: Int) -> String { "http://\(HostNames.bracketed(host)):\(port)\(path)" }

    /// Whether only programs on this machine can reach the address; if not, require tokens.
    public var isLoopback: Bool {
        let name = host.lowercased()
        if ["localhost", "::1", "[::1]"].contains(name) { return true }
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}
