public import JSONRPC
public import MCPTransport
import Synchronization

/// What came through a client transport, for a test to look at or to wait for.
public final class RecordingReceiver: ClientTransportReceiver {
    /// The frames that came, in order.
    public let inbox = Mailbox()
    /// Opens when the transport tells the end.
    public let end = Gate()

    private let told = Mutex<[TransportEnd]>([])
    private let broken = Mutex<[(id: RequestID, failure: TransportFailure)]>([])

    /// Creates a receiver that got nothing yet.
    public init() {}

    /// Every end that was told; there may be but one.
    public var ends: [TransportEnd] { told.withLock { $0 } }

    /// Keeps a frame.
    public func received(_ frame: Frame, for request: RequestID?) {
        inbox.put(frame.bytes)
    }

    /// The exchanges that broke, in order.
    public var failures: [(id: RequestID, failure: TransportFailure)] { broken.withLock { $0 } }

    /// Keeps the failure of an exchange; it also ends a wait for a frame, as an empty one.
    public func failed(_ id: RequestID, _ failure: TransportFailure) {
        broken.withLock { $0.append((id, failure)) }
        inbox.put([])
    }

    /// Keeps the end.
    public func ended(_ end: TransportEnd) {
        told.withLock { $0.append(end) }
        self.end.open()
    }
}
