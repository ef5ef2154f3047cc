import JSON
import MCPHTTP
import MCPTransport
import NIOSSL

extension NetworkError {
    /// Whether no trusted authority signed the certificate.
    ///
    /// A certificate for another name can be trusted.
    var isUntrusted: Bool {
        if case NIOSSLError.handshakeFailed(let inner) = error {
            return "\(inner)".contains("CERTIFICATE_VERIFY_FAILED")
        }
        return false
    }

    func tls(_ error: NIOSSLError) -> TransportFailure {
        switch error {
        case .uncleanShutdown:
            TransportFailure(
                .broken,
                "the connection to \(url.origin) broke: the server closed the TLS connection without a closing message"
            )
        case .unableToValidateCertificate, .noCertificateToValidate: wrongName("\(error)")
        case .handshakeFailed(let inner): tls("\(inner)")
        default: tls("\(error)")
        }
    }

    func tls(_ reason: String) -> TransportFailure {
        let evidence: JSONObject = ["tls_error": .string(Self.removingSourceLocation(reason))]
        if isUntrusted {
            return TransportFailure(
                .tls,
                "the certificate of \(url.origin) is not trusted",
                advice:
                    "Give the authority that signed it with --ca FILE, or use --insecure in a test: it verifies nothing.",
                evidence: evidence
            )
        }
        // The name of the alert in RFC 8446, 6.2.
        if reason.contains("ALERT_CERTIFICATE_REQUIRED") {
            return TransportFailure(
                .tls,
                "\(url.origin) requires a client certificate (mutual TLS), which is not supported",
                advice: "Turn mutual TLS off for the test, or connect through a proxy that has a client certificate.",
                evidence: evidence
            )
        }
        // How the library names a response that is not TLS.
        let isPlainText = reason.contains("WRONG_VERSION_NUMBER") || reason.contains("HTTP_REQUEST")
        return TransportFailure(
            .tls,
            "TLS handshake with \(url.origin) failed",
            advice: isPlainText ? "The server does not seem to use TLS: try http://." : nil,
            evidence: evidence
        )
    }

    func wrongName(_ reason: String) -> TransportFailure {
        TransportFailure(
            .tls,
            "the certificate of \(url.origin) is for another name",
            advice: "Use a name that is in the certificate, or --insecure in a test: it verifies nothing.",
            evidence: ["tls_error": .string(reason)]
        )
    }

    /// The error without the position in the library's source, which names a path on the machine that built it.
    private static func removingSourceLocation(_ reason: String) -> String {
        guard let start = reason.firstRange(of: " at /") else { return reason }
        return "\(reason[..<start.lowerBound])\(reason[start.upperBound...].drop { $0 != "]" })"
    }
}
