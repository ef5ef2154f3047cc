import AsyncHTTPClient
import AsyncRuntime
import JSON
import MCPHTTP
import MCPTransport
import NIOCore
import NIOHTTP1
import NIOHTTPCompression
import NIOPosix
import NIOSSL
import Platform

/// An error of the HTTP client or of its connection, to be translated for someone who has to act on it.
struct NetworkError {
    let error: any Error
    let url: HTTPURL
    let pool: ConnectionPool
    /// The head of the response, if it had arrived.
    let head: HTTPResponseHead?

    /// Translates the error, after a probe of the server if the error itself does not say enough.
    ///
    /// - Parameter completion: Called on the loop.
    func resolve(_ completion: @escaping @Sendable (TransportFailure) -> Void) {
        let failure = failure
        guard proxy == nil else { return completion(failure) }
        switch failure.kind {
        case .refused where isLocal:
            LoopbackAddressProbe.run(url, on: pool.loop) { completion(failure.adding($0)) }
        case .broken where isLocal && wasClosedByPeer:
            ListenerProbe.run(url, on: pool.loop) { completion(failure.adding($0)) }
        case .tls where isUntrusted:
            CertificateProbe.run(url, on: pool.loop) { completion(failure.adding($0)) }
        default: completion(failure)
        }
    }

    var proxy: HTTPURL? { pool.target.route.proxy }

    private var isLocal: Bool { url.host == "localhost" || IPAddress(url.host)?.isLoopback == true }

    private var wasClosedByPeer: Bool {
        switch error {
        case HTTPParserError.invalidEOFState, ChannelError.ioOnClosedChannel, ChannelError.alreadyClosed,
            ChannelError.eof:
            true
        case let error as HTTPClientError: error == .remoteConnectionClosed
        case let error as IOError: error.errnoCode == ECONNRESET || error.errnoCode == EPIPE
        default: false
        }
    }

    /// Whether every address that was tried refused the connection.
    static func isRefused(_ error: any Error) -> Bool {
        if let error = error as? NIOConnectionError {
            return !error.connectionErrors.isEmpty && error.connectionErrors.allSatisfy { isRefused($0.error) }
        }
        return (error as? IOError)?.errnoCode == ECONNREFUSED
    }
}

// MARK: - Translation

extension NetworkError {
    private var failure: TransportFailure {
        switch error {
        case let error as NIOConnectionError: connecting(error)
        case let error as HTTPClientError: client(error)
        case let error as NIOSSLError: tls(error)
        case let error as BoringSSLError: tls("\(error)")
        case let error as NIOSSLExtraError: wrongName("\(error)")
        case HTTPParserError.invalidEOFState: broken("the server closed the connection")
        case HTTPParserError.headerOverflow: headTooLarge
        case let error as HTTPParserError: notHTTP("\(error)")
        case NIOHTTPDecompression.DecompressionError.limit: unpackedTooLarge
        case let error as NIOHTTPDecompression.DecompressionError: broken("it cannot be decompressed (\(error))")
        case ChannelError.connectTimeout: connectTimeout
        // A connection that many exchanges share may close just before one of them starts to use it.
        case ChannelError.ioOnClosedChannel, ChannelError.alreadyClosed, ChannelError.eof:
            broken("the server closed the connection")
        case let error as IOError: io(error)
        default: broken("\(error)")
        }
    }

    private func client(_ error: HTTPClientError) -> TransportFailure {
        switch error {
        case .connectTimeout, .getConnectionFromPoolTimeout: connectTimeout
        case .tlsHandshakeTimeout: TransportFailure(.tls, "TLS handshake with \(url.origin) timed out")
        case .invalidProxyResponse, .httpProxyHandshakeTimeout, .socksHandshakeTimeout:
            TransportFailure(
                .proxy,
                "the proxy \(proxy?.origin ?? "") did not connect us to \(url.origin): \(error.shortDescription)"
            )
        case .proxyAuthenticationRequired:
            TransportFailure(
                .proxy,
                "the proxy \(proxy?.origin ?? "") requires authentication (407)",
                advice: "Put a user name and a password into the proxy's URL."
            )
        case .remoteConnectionClosed: broken("the server closed the connection")
        case .uncleanShutdown: broken("the server closed the TLS connection without a closing message")
        default: broken(error.shortDescription)
        }
    }

    private func broken(_ reason: String) -> TransportFailure {
        let place = head == nil ? "before the response" : "in the middle of the response"
        return TransportFailure(.broken, "the connection to \(url.origin) broke \(place): \(reason)")
    }

    private func notHTTP(_ reason: String) -> TransportFailure {
        guard head == nil else { return broken("the data is not valid HTTP (\(reason))") }
        return TransportFailure(
            .content,
            "the response from \(url.origin) is not valid HTTP: \(reason)",
            advice: url.isSecure ? nil : "If the server uses TLS, try https://."
        )
    }

    // MARK: Size

    private var headTooLarge: TransportFailure {
        TransportFailure(
            .tooLarge,
            "the response headers from \(url.origin) exceed the limit of 80 KiB",
            advice: "Let the server send fewer or shorter headers."
        )
    }

    private var unpackedTooLarge: TransportFailure {
        let encoding = head?.headers.first(name: "Content-Encoding").map { "\($0)-compressed " } ?? "compressed "
        let length = head?.headers.first(name: "Content-Length").flatMap { Int($0) }
        let limit = pool.target.endpoint.limits.responseBytes
        return TransportFailure(
            .tooLarge,
            "the \(encoding)response from \(url)\(length.map { " (\($0.byteCountText))" } ?? "") decompresses to more than "
                + "the limit of \(limit.byteCountText)",
            advice: TransportFailure.responseLimitAdvice
        )
    }

    // MARK: Connecting

    private func connecting(_ error: NIOConnectionError) -> TransportFailure {
        let attempts = error.connectionErrors.map { (address: $0.target.text ?? "\($0.target)", error: $0.error) }
        let tried = attempts.map { "\($0.address): \(Self.reason($0.error))" }
        if let proxy {
            return unreachable(proxy, tried.isEmpty ? "host not found" : tried.joined(separator: "; "))
        }
        guard !attempts.isEmpty else {
            return TransportFailure(
                .unknownHost,
                "host not found: \(error.host)",
                advice: "Check the spelling of the host, and whether it resolves (`getent hosts \(error.host)`)."
            )
        }
        let evidence: JSONObject = ["tried": .array(tried.map { .string($0) })]
        guard attempts.contains(where: { ($0.error as? IOError)?.errnoCode == ECONNREFUSED }) else {
            return unreachable(tried.joined(separator: "; "), evidence)
        }
        return refused("; tried \(attempts.map(\.address).joined(separator: ", "))", evidence)
    }

    private func io(_ error: IOError) -> TransportFailure {
        let isAboutConnecting = [ECONNREFUSED, EHOSTUNREACH, ENETUNREACH, ETIMEDOUT].contains(error.errnoCode)
        if let proxy, isAboutConnecting { return unreachable(proxy, Self.reason(error)) }
        switch error.errnoCode {
        case ECONNREFUSED: return refused("", [:])
        case EHOSTUNREACH, ENETUNREACH, ETIMEDOUT: return unreachable(Self.reason(error), [:])
        case ECONNRESET: return broken("the server reset the connection")
        default: return broken("\(error)")
        }
    }

    private func refused(_ addresses: String, _ evidence: JSONObject) -> TransportFailure {
        TransportFailure(
            .refused,
            "connection refused: nothing is listening on \(url.hostWithPort)\(addresses)",
            advice: "Start the server, or check the address and port that it prints when it starts.",
            evidence: evidence
        )
    }

    private func unreachable(_ reason: String, _ evidence: JSONObject) -> TransportFailure {
        TransportFailure(.unreachable, "cannot reach \(url.hostWithPort): \(reason)", evidence: evidence)
    }

    private func unreachable(_ proxy: HTTPURL, _ reason: String) -> TransportFailure {
        TransportFailure(
            .proxy,
            "cannot reach the proxy \(proxy.origin) from the environment: \(reason)",
            advice: "Start the proxy, or add \(url.host) to NO_PROXY."
        )
    }

    private var connectTimeout: TransportFailure {
        TransportFailure(
            .unreachable,
            "\(url.hostWithPort) did not accept the connection within \(pool.target.endpoint.limits.connect.seconds)",
            advice: "Check the address, and whether a firewall blocks it."
        )
    }

    private static func reason(_ error: any Error) -> String {
        switch (error as? IOError)?.errnoCode {
        case ECONNREFUSED: "refused"
        case EHOSTUNREACH: "no route to host"
        case ENETUNREACH: "network unreachable"
        case ETIMEDOUT: "timed out"
        case let code?: "errno \(code)"
        case nil: "\(error)"
        }
    }
}
