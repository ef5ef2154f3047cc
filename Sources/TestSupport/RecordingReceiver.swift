public import JSONRPC
public import MCPTransport
import Synchronization

/// What a client transport received, for a test to inspect or wait for.
public final class RecordingReceiver: ClientTransportReceiver {
    /// The received frames, in order.
    public let inbox = Mailbox()
    /// Opens when the transport reports the end.
    public let end = Gate()

    private let told = Mutex<[TransportEnd]>([])
    private let broken = Mutex<[(id: RequestID, failure: TransportFailure)]>([])

    /// Creates an empty receiver.
    public init() {}

    /// Every reported end; there must be only one.
    public var ends: [TransportEnd] { told.withLock { $0 } }

    /// Records a frame.
    public func received(_ frame: Frame, for request: RequestID?) {
        inbox.put(frame.bytes)
    }

    /// The failed exchanges, in order.
    public var failures: [(id: RequestID, failure: TransportFailure)] { broken.withLock { $0 } }

    /// Records the failure of an exchange, which also ends a wait for a frame with an empty one.
    public func failed(_ id: RequestID, _ failure: TransportFailure) {
        broken.withLock { $0.append((id, failure)) }
        inbox.put([])
    }

    /// Records the end.
    public func ended(_ end: TransportEnd) {
        told.withLock { $0.append(end) }
        self.end.open()
    }
}
