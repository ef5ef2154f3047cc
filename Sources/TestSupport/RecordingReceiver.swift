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

    /// Creates a receiver that got nothing yet.
    public init() {}

    /// Every end that was told; there may be but one.
    public var ends: [TransportEnd] { told.withLock { $0 } }

    /// Keeps a frame.
    public func received(_ bytes: [UInt8]) {
        inbox.put(bytes)
    }

    /// Has no exchanges that could break.
    public func failed(_ id: RequestID, _ failure: TransportFailure) {}

    /// Keeps the end.
    public func ended(_ end: TransportEnd) {
        told.withLock { $0.append(end) }
        self.end.open()
    }
}
