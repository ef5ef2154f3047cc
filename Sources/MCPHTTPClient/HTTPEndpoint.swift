/// Where a server is reached over HTTP, and by what means.
public struct HTTPEndpoint: Sendable, Hashable {
    /// The transports to try.
    public enum TransportChoice: String, Sendable, Hashable, CaseIterable {
        /// Streamable HTTP, and HTTP+SSE where the server turns out to speak only that.
        case auto
        /// Streamable HTTP alone.
        case streamableHTTP = "streamable-http"
        /// HTTP+SSE of the first revision alone.
        case sse
    }

    /// The URL as the user gave it; user information in it becomes a header and is never shown.
    public var url: String
    /// Fields of the user for every request, in order; those that we must set ourselves are refused by the transport.
    public var headers: [HTTPField]
    /// The transports to try.
    public var transport: TransportChoice
    /// How the server proves who it is.
    public var tls: TLSChoice
    /// The way out to it.
    public var proxy: ProxyChoice
    /// Whether redirects to the same origin are followed; others never are.
    public var followsRedirects: Bool
    /// How much is taken, and how long single steps may take.
    public var limits: HTTPClientLimits

    /// Creates an endpoint.
    public init(
        url: String,
        headers: [HTTPField] = [],
        transport: TransportChoice = .auto,
        tls: TLSChoice = TLSChoice(),
        proxy: ProxyChoice = .none,
        followsRedirects: Bool = false,
        limits: HTTPClientLimits = HTTPClientLimits()
    ) {
        self.url = url
        self.headers = headers
        self.transport = transport
        self.tls = tls
        self.proxy = proxy
        self.followsRedirects = followsRedirects
        self.limits = limits
    }
}

/// One field of a head; its value may be secret.
public struct HTTPField: Sendable, Hashable {
    /// The name as it is sent.
    public var name: String
    /// The value as it is sent.
    public var value: String

    /// Creates a field.
    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

/// How a server of HTTPS proves who it is.
public struct TLSChoice: Sendable, Hashable {
    /// A file of certificates in PEM that are trusted beside those of the system.
    public var authorities: String?
    /// Whether the certificate and its name are verified; without it anybody may stand in between.
    public var verifies: Bool

    /// Creates a choice.
    public init(authorities: String? = nil, verifies: Bool = true) {
        self.authorities = authorities
        self.verifies = verifies
    }
}

/// The way out to a server.
public enum ProxyChoice: Sendable, Hashable {
    /// Straight to it.
    case none
    /// As variables of the environment say: `https_proxy`, `http_proxy`, `all_proxy` and `no_proxy`, in small letters or (but
    /// for `http_proxy`, which a CGI program would take from a request) in capitals.
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
