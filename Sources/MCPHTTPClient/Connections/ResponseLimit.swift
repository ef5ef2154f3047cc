import MCPHTTP
import MCPTransport

extension TransportFailure {
    /// What to do if a response exceeds the limit of the endpoint.
    static let responseLimitAdvice =
        "If the response is meant to be that large, raise the limit (--max-response on the command line)."

    /// A response, or an event of it, that exceeds the limit.
    static func tooLarge(_ subject: String, from url: HTTPURL, limit: Int) -> TransportFailure {
        TransportFailure(
            .tooLarge,
            "\(subject) from \(url) exceeds the limit of \(limit.byteCountText)",
            advice: responseLimitAdvice
        )
    }
}

extension Int {
    /// A number of bytes: in KiB or MiB if it is a whole number of them.
    var byteCountText: String {
        if self >= 1 << 20, self % (1 << 20) == 0 { return "\(self >> 20) MiB" }
        if self >= 1 << 10, self % (1 << 10) == 0 { return "\(self >> 10) KiB" }
        return self == 1 ? "1 byte" : "\(self) bytes"
    }
}

extension HTTPURL {
    /// Host and port, also if the port is the default one.
    var hostWithPort: String { "\(bracketedHost):\(port)" }
}
