public import JSON
public import JSONRPC
public import MCP
public import MCPTransport
import Synchronization

/// A transport that lets a test see, and wait for, every frame of another transport.
public final class TappedTransport: ClientTransport {
    /// The frames that were sent, in order.
    public let sent = Mailbox()
    /// The received frames, in order; the receiver gets each first.
    public let received = Mailbox()
    /// Opens when the receiver was notified of the end.
    public let end = Gate()

    private let base: any ClientTransport

    /// Creates a tap on a transport.
    public init(_ base: any ClientTransport) {
        self.base = base
    }

    /// The kind of the underlying transport.
    public var kind: TransportKind { base.kind }
    /// The executor of the underlying transport.
    public var executor: (any TaskExecutor)? { base.executor }

    /// Opens the underlying transport.
    public func open(_ receiver: any ClientTransportReceiver) async throws {
        try await base.open(Tap(receiver, received: received, end: end))
    }

    /// Records the frame and sends it.
    public func send(_ frame: OutgoingFrame) throws {
        try base.send(frame)
        sent.put(frame.bytes)
    }

    /// Settles the underlying transport.
    public func settled(on revision: Revision) { base.settled(on: revision) }

    /// Cancels as the underlying transport does.
    public func abandon(_ id: RequestID) -> Bool { base.abandon(id) }

    /// Closes the underlying transport.
    public func close() async -> TransportEnd { await base.close() }

    /// Closes as the underlying transport does.
    public func closeAtOnce() async -> TransportEnd { await base.closeAtOnce() }

    /// What the underlying transport knows.
    public func isInputUnread() async -> Bool? { await base.isInputUnread() }

    /// The evidence of the underlying transport.
    public func evidence() -> JSONObject { base.evidence() }

    /// The evidence of one exchange of the underlying transport.
    public func evidence(of request: RequestID) -> JSONObject? { base.evidence(of: request) }

    /// How the underlying transport would send a frame.
    public func preview(of frame: OutgoingFrame) async -> JSONObject? { await base.preview(of: frame) }

    /// The predecessor of the underlying transport.
    public var predecessor: (any ClientTransport)? { base.predecessor }

    private final class Tap: ClientTransportReceiver {
        private let receiver: any ClientTransportReceiver
        private let frames: Mailbox
        private let end: Gate

        init(_ receiver: any ClientTransportReceiver, received: Mailbox, end: Gate) {
            self.receiver = receiver
            frames = received
            self.end = end
        }

        func received(_ frame: Frame, for request: RequestID?) {
            receiver.received(frame, for: request)
            frames.put(frame.bytes)
        }

        func failed(_ id: RequestID, _ failure: TransportFailure) {
            receiver.failed(id, failure)
        }

        func noted(_ note: TransportNote) {
            receiver.noted(note)
        }

        func ended(_ end: TransportEnd) {
            receiver.ended(end)
            self.end.open()
        }
    }
}
