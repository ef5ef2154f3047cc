/// A server that is reached over HTTP, and how to reach it.
public struct HTTPEndpoint: Sendable, Hashable {
    /// The transports to try.
    public enum TransportChoice: String, Sendable, Hashable, CaseIterable {
        /// Streamable HTTP, or HTTP+SSE if the server supports only that.
        case auto
        /// Only Streamable HTTP.
        case streamableHTTP = "streamable-http"
        /// Only HTTP+SSE, the transport of the first revision.
        case sse
    }

    /// The URL as the user gave it.
    ///
    /// User information in it is sent as a header and never shown.
    public var url: String
    /// Headers of the user for every request, in order.
    ///
    /// Those that the transport sets itself are rejected.
    public var headers: [HTTPField]
    /// The access token for every request; nil to send none.
    ///
    /// Ignored if a header is an `Authorization`.
    public var tokens: AccessTokens?
    /// The transports to try.
    public var transport: TransportChoice
    /// How the server is authenticated.
    public var tls: TLSChoice
    /// The proxy to use.
    public var proxy: ProxyChoice
    /// Whether redirects within the origin are followed.
    ///
    /// Cross-origin redirects are never followed.
    public var followsRedirects: Bool
    /// Bounds on sizes and durations.
    public var limits: HTTPClientLimits

    /// Creates an endpoint.
    public init(
        url: String,
        headers: [HTTPField] = [],
        tokens: AccessTokens? = nil,
        transport: TransportChoice = .auto,
        tls: TLSChoice = TLSChoice(),
        proxy: ProxyChoice = .none,
        followsRedirects: Bool = false,
        limits: HTTPClientLimits = HTTPClientLimits()
    ) {
        self.url = url
        self.headers = headers
        self.tokens = tokens
        self.transport = transport
        self.tls = tls
        self.proxy = proxy
        self.followsRedirects = followsRedirects
        self.limits = limits
    }
}

/// A header; its value may be secret.
public struct HTTPField: Sendable, Hashable {
    /// The name, sent with this capitalization.
    public var name: String
    /// The value.
    public var value: String

    /// Creates a header.
    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

/// How an HTTPS server is authenticated.
public struct TLSChoice: Sendable, Hashable {
    /// The path of a file of PEM certificates to trust in addition to those of the system.
    public var authorities: String?
    /// Whether the certificate and its name are verified.
    ///
    /// If not, anyone on the network path can read and change data.
    public var verifies: Bool

    /// Creates a choice.
    public init(authorities: String? = nil, verifies: Bool = true) {
        self.authorities = authorities
        self.verifies = verifies
    }
}

/// The proxy to use for a server.
public enum ProxyChoice: Sendable, Hashable {
    /// No proxy.
    case none
    /// The proxy named in environment variables: `https_proxy`, `http_proxy`, `all_proxy` and `no_proxy`.
    ///
    /// They are read in lowercase or uppercase, except for `HTTP_PROXY`: in a CGI program, a request could set it.
    case environment([String: String])
}

/// Bounds on the size of responses and on the duration of single steps.
public struct HTTPClientLimits: Sendable, Hashable {
    /// The limit on name resolution, connecting and the TLS handshake together.
    public var connect: Duration
    /// The largest response body, decompressed, and the largest event of a stream, in bytes (`--max-response`).
    public var responseBytes: Int
    /// How often a broken stream is resumed without receiving an event in between.
    public var resumptions: Int
    /// The limit on ending the session when the connection is closed.
    public var close: Duration

    /// Creates limits.
    public init(
        connect: Duration = .seconds(10),
        responseBytes: Int = 64 << 20,
        resumptions: Int = 5,
        close: Duration = .seconds(2)
    ) {
        self.connect = connect
        self.responseBytes = responseBytes
        self.resumptions = resumptions
        self.close = close
    }
}
