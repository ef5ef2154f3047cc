import AsyncHTTPClient
import JSON
import MCPHTTP
import MCPTransport
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Platform

/// An error of the client underneath in the words of a reader who must act.
struct WireFailure {
    private let error: any Error
    private let url: HTTPURL
    private let wire: Wire
    private let hasHead: Bool

    init(_ error: any Error, of plan: ExchangePlan, on wire: Wire, hasHead: Bool) {
        self.error = error
        url = plan.url
        self.wire = wire
        self.hasHead = hasHead
    }

    /// Tells the failure, at once or after a second look at the server for what the error does not say.
    func resolve(_ tell: @escaping @Sendable (TransportFailure) -> Void) {
        let failure = translated
        switch failure.kind {
        case .refused where isLocal && wire.target.route.proxy == nil:
            LoopbackProbe.run(url, on: wire.loop) { tell(failure.explained(by: $0)) }
        case .tls where isAboutTrust && wire.target.route.proxy == nil:
            CertificateProbe.run(url, on: wire.loop) { tell(failure.explained(by: $0)) }
        case .broken where hasHungUp && isLocal && wire.target.route.proxy == nil:
            ListenerProbe.run(url, on: wire.loop) { tell(failure.explained(by: $0)) }
        default: tell(failure)
        }
    }

    private var isLocal: Bool { url.host == "localhost" || IPAddress(url.host)?.isLoopback == true }

    /// Whether the other side ended the connection, rather than we.
    private var hasHungUp: Bool {
        switch error {
        case HTTPParserError.invalidEOFState, ChannelError.ioOnClosedChannel, ChannelError.alreadyClosed,
            ChannelError.eof:
            true
        case let error as HTTPClientError: error == .remoteConnectionClosed
        case let error as IOError: error.errnoCode == ECONNRESET || error.errnoCode == EPIPE
        default: false
        }
    }

    /// Whether all that was tried was refused.
    static func isRefused(_ error: any Error) -> Bool {
        if let error = error as? NIOConnectionError {
            return !error.connectionErrors.isEmpty && error.connectionErrors.allSatisfy { isRefused($0.error) }
        }
        return (error as? IOError)?.errnoCode == ECONNREFUSED
    }

    private var translated: TransportFailure {
        switch error {
        case let error as NIOConnectionError: connecting(error)
        case let error as HTTPClientError: client(error)
        case let error as NIOSSLError: tls(error)
        case let error as BoringSSLError: tls("\(error)")
        case let error as NIOSSLExtraError: name(error)
        case HTTPParserError.invalidEOFState: broken("the server closed the connection")
        case HTTPParserError.headerOverflow: overflow
        case let error as HTTPParserError: noHTTP("\(error)")
        case ChannelError.connectTimeout: unanswered
        // A connection that many exchanges share may have ended just before this one was to go by it.
        case ChannelError.ioOnClosedChannel, ChannelError.alreadyClosed, ChannelError.eof:
            broken("the server closed the connection")
        case let error as IOError: connection(error.errnoCode, "\(error)")
        default: broken("\(error)")
        }
    }

    // MARK: - Connecting

    private func connecting(_ error: NIOConnectionError) -> TransportFailure {
        let attempts = error.connectionErrors.map { (address: $0.target.shown ?? "\($0.target)", error: $0.error) }
        let tried = attempts.map { "\($0.address): \(Self.reason($0.error))" }
        if let proxy = wire.target.route.proxy {
            return unreachable(proxy, tried.isEmpty ? "its name is not known" : tried.joined(separator: "; "))
        }
        guard !attempts.isEmpty else {
            return TransportFailure(
                .unknownHost,
                "the name \(error.host) is not known",
                advice: "Look for a misspelled host; ask the name server (`getent hosts \(error.host)`)."
            )
        }
        let evidence: JSONObject = ["tried": .array(tried.map { .string($0) })]
        let isRefused = attempts.contains { ($0.error as? IOError)?.errnoCode == ECONNREFUSED }
        guard isRefused else {
            return TransportFailure(
                .unreachable,
                "\(url.host) cannot be reached at port \(url.port): \(tried.joined(separator: "; "))",
                evidence: evidence
            )
        }
        return TransportFailure(
            .refused,
            "nobody listens at port \(url.port) of \(url.host); tried: \(attempts.map(\.address).joined(separator: ", "))",
            advice: "Start the server, or look which address and port it prints when it starts.",
            evidence: evidence
        )
    }

    private static func reason(_ error: any Error) -> String {
        switch (error as? IOError)?.errnoCode {
        case ECONNREFUSED: "refused"
        case EHOSTUNREACH: "no route to the host"
        case ENETUNREACH: "no route to the network"
        case ETIMEDOUT: "no answer"
        case let code?: "errno \(code)"
        case nil: "\(error)"
        }
    }

    private func unreachable(_ proxy: HTTPURL, _ reason: String) -> TransportFailure {
        TransportFailure(
            .proxy,
            "the proxy \(proxy.origin) that the environment names cannot be reached: \(reason)",
            advice: "Start the proxy, or name \(url.host) in NO_PROXY."
        )
    }

    private func connection(_ code: CInt, _ text: String) -> TransportFailure {
        if let proxy = wire.target.route.proxy, [ECONNREFUSED, EHOSTUNREACH, ENETUNREACH, ETIMEDOUT].contains(code) {
            return unreachable(proxy, Self.reason(error))
        }
        switch code {
        case ECONNREFUSED:
            return TransportFailure(
                .refused,
                "nobody listens at port \(url.port) of \(url.host)",
                advice: "Start the server, or look which address and port it prints when it starts."
            )
        case EHOSTUNREACH, ENETUNREACH, ETIMEDOUT:
            return TransportFailure(
                .unreachable,
                "\(url.host) cannot be reached at port \(url.port): \(Self.reason(error))"
            )
        default: return broken(code == ECONNRESET ? "the server reset the connection" : text)
        }
    }

    private var unanswered: TransportFailure {
        TransportFailure(
            .unreachable,
            "\(url.host) did not answer at port \(url.port) within \(wire.target.endpoint.limits.connect)",
            advice: "Look for a firewall in between, or a wrong address."
        )
    }

    private func client(_ error: HTTPClientError) -> TransportFailure {
        switch error {
        case .connectTimeout, .getConnectionFromPoolTimeout: unanswered
        case .tlsHandshakeTimeout:
            TransportFailure(.tls, "\(url.origin) did not answer the beginning of TLS in time")
        case .invalidProxyResponse, .httpProxyHandshakeTimeout, .socksHandshakeTimeout:
            TransportFailure(
                .proxy,
                "the proxy \(wire.target.route.proxy?.origin ?? "") opened no way to \(url.origin): \(error.shortDescription)"
            )
        case .proxyAuthenticationRequired:
            TransportFailure(
                .proxy,
                "the proxy \(wire.target.route.proxy?.origin ?? "") wants to know who we are (407)",
                advice: "Put a name and a password into the proxy's URL."
            )
        case .remoteConnectionClosed: broken("the server closed the connection")
        case .uncleanShutdown: broken("the server ended TLS without saying so")
        default: broken(error.shortDescription)
        }
    }

    private func broken(_ reason: String) -> TransportFailure {
        let place = hasHead ? "in the middle of the answer" : "before it answered"
        return TransportFailure(.broken, "the connection to \(url.origin) broke \(place): \(reason)")
    }

    private var overflow: TransportFailure {
        TransportFailure(
            .tooLarge,
            "the head of the answer from \(url.origin) is larger than the 80 KiB that are taken",
            advice: "Let the server send fewer or shorter headers."
        )
    }

    private func noHTTP(_ reason: String) -> TransportFailure {
        guard !hasHead else { return broken("what came is no HTTP (\(reason))") }
        return TransportFailure(
            .content,
            "what came from \(url.origin) is no HTTP: \(reason)",
            advice: url.isSecure ? nil : "Try https:// if the server speaks TLS."
        )
    }

    // MARK: - TLS

    /// Whether nobody vouches for the certificate; one for another name is trusted as such.
    private var isAboutTrust: Bool {
        if case NIOSSLError.handshakeFailed(let inner) = error {
            return "\(inner)".contains("CERTIFICATE_VERIFY_FAILED")
        }
        return false
    }

    private func tls(_ error: NIOSSLError) -> TransportFailure {
        switch error {
        case .uncleanShutdown: broken("the server ended TLS without saying so")
        case .unableToValidateCertificate, .noCertificateToValidate: name("\(error)")
        case .handshakeFailed(let inner): tls("\(inner)")
        default: tls("\(error)")
        }
    }

    private func tls(_ reason: String) -> TransportFailure {
        let evidence: JSONObject = ["tls_error": .string(Self.withoutPlace(reason))]
        if isAboutTrust {
            return TransportFailure(
                .tls,
                "the certificate of \(url.origin) is not trusted",
                advice: Self.trustAdvice,
                evidence: evidence
            )
        }
        // The alert by its name in RFC 8446, 6.2.
        if reason.contains("ALERT_CERTIFICATE_REQUIRED") {
            return TransportFailure(
                .tls,
                "\(url.origin) wants a certificate of its clients (mutual TLS), and we have none",
                advice: "Let the server do without for the test, or go through a proxy that has such a certificate.",
                evidence: evidence
            )
        }
        // The code of the library for an answer that is no TLS at all.
        let speaksPlainly = reason.contains("WRONG_VERSION_NUMBER") || reason.contains("HTTP_REQUEST")
        return TransportFailure(
            .tls,
            "no encrypted connection to \(url.origin) came about",
            advice: speaksPlainly ? "The server seems not to speak TLS: try http://." : nil,
            evidence: evidence
        )
    }

    /// The error without where in the library's source it arose, which is a path of the machine that built us.
    private static func withoutPlace(_ reason: String) -> String {
        guard let place = reason.firstRange(of: " at /") else { return reason }
        return "\(reason[..<place.lowerBound])\(reason[place.upperBound...].drop { $0 != "]" })"
    }

    private func name(_ error: any Error) -> TransportFailure { name("\(error)") }

    private func name(_ reason: String) -> TransportFailure {
        TransportFailure(
            .tls,
            "the certificate of \(url.origin) is for another name",
            advice: "Use a name that the certificate has, or --insecure for a test, which verifies nothing.",
            evidence: ["tls_error": .string(reason)]
        )
    }

    private static let trustAdvice =
        "Name the authority that signed it with --ca FILE, or use --insecure for a test, which verifies nothing."
}

extension TransportFailure {
    /// The failure with what a second look found out.
    fileprivate func explained(by finding: Finding?) -> TransportFailure {
        guard let finding else { return self }
        var failure = self
        failure.message += "; \(finding.sentence)"
        if let advice = finding.advice { failure.advice = advice }
        for member in finding.evidence.members { failure.evidence[member.key] = member.value }
        return failure
    }
}

/// What a second look at a server found out.
struct Finding: Sendable {
    var sentence: String
    var advice: String?
    var evidence: JSONObject = [:]
}
