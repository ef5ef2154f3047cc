import JSON
import JSONRPC
import MCPHTTP
import MCPTransport

/// Passes on what a session receives, until the connection ends.
///
/// The receiver owns the transport, which keeps the session for its evidence. Releasing the receiver at the end breaks the
/// cycle.
final class SessionReceiver {
    private var receiver: (any ClientTransportReceiver)?
    private let secrets: SecretRedactor
    /// How the connection ended; nil while it is open.
    private(set) var end: TransportEnd?

    init(_ receiver: any ClientTransportReceiver, secrets: SecretRedactor) {
        self.receiver = receiver
        self.secrets = secrets
    }

    func received(_ frame: Frame, for request: RequestID?) { receiver?.received(frame, for: request) }

    func received(_ bytes: [UInt8], for request: RequestID?) { receiver?.received(bytes, for: request) }

    func failed(_ id: RequestID, _ failure: TransportFailure) { receiver?.failed(id, failure) }

    func noteEvent(_ text: String) { receiver?.noted(.event(secrets.redact(text))) }

    /// Reports that the server broke a rule, with the evidence of the exchange in which it did.
    func noteFault(_ text: String, request: RequestID? = nil, in record: ExchangeRecord?) {
        let fault = record?.completing(TransportFailure(.content, text))
        receiver?.noted(
            .fault(fault?.message ?? secrets.redact(text), request: request, evidence: fault?.evidence ?? [:])
        )
    }

    /// Ends the connection, unless it has ended.
    ///
    /// - Returns: How it ended first.
    @discardableResult
    func end(_ end: TransportEnd) -> TransportEnd {
        if let first = self.end { return first }
        self.end = end
        let last = receiver
        receiver = nil
        last?.ended(end)
        return end
    }
}
