import JSONRPC
import MCPTransport
import Synchronization

/// Passes on what a connection tells until its end, and nothing after it.
///
/// Who is told holds the transport, which keeps its session for the evidence: were the session to hold whoever is told
/// beyond the end, nothing of the connection would ever be given back.
final class ReceiverUntilEnd: ClientTransportReceiver {
    private let receiver: Mutex<(any ClientTransportReceiver)?>

    init(_ receiver: any ClientTransportReceiver) {
        self.receiver = Mutex(receiver)
    }

    private var current: (any ClientTransportReceiver)? { receiver.withLock { $0 } }

    func received(_ frame: Frame, for request: RequestID?) { current?.received(frame, for: request) }

    func failed(_ id: RequestID, _ failure: TransportFailure) { current?.failed(id, failure) }

    func noted(_ note: TransportNote) { current?.noted(note) }

    func ended(_ end: TransportEnd) {
        let last = receiver.withLock { receiver in
            defer { receiver = nil }
            return receiver
        }
        last?.ended(end)
    }
}
