public import JSON
public import JSONRPC
public import MCPTransport
import Synchronization

/// A server of this process as a client sees it: frames are handed over by a call, nothing else stands between.
public final class InMemoryTransport: ClientTransport {
    /// The kind.
    public let kind = TransportKind.inMemory
    /// The in-memory way prefers no executor.
    public var executor: (any TaskExecutor)? { nil }

    private struct State {
        var receiver: (any ClientTransportReceiver)?
        var conversation: (any ServerConversation)?
        var end: TransportEnd?
    }

    private let makeConversation: MakeConversation
    private let state = Mutex(State())

    /// Creates a way to the server that the closure makes.
    public init(_ makeConversation: @escaping MakeConversation) {
        self.makeConversation = makeConversation
    }

    /// Starts the conversation.
    public func open(_ receiver: any ClientTransportReceiver) async throws {
        // Set before, for the server may speak first.
        state.withLock { $0.receiver = receiver }
        let link = HostLink.frames { [weak self] bytes in
            self?.state.withLock { $0.end == nil ? $0.receiver : nil }?.received(bytes)
        }
        let conversation = makeConversation(link)
        state.withLock { $0.conversation = conversation }
    }

    /// Hands a frame to the server.
    public func send(_ frame: OutgoingFrame) throws {
        guard let conversation = state.withLock({ $0.end == nil ? $0.conversation : nil }) else {
            throw TransportFailure(.closed, "the connection is closed")
        }
        conversation.received(frame.bytes)
    }

    /// Cancels nothing by itself: a notification must.
    public func abandon(_ id: RequestID) -> Bool { false }

    /// Cancels what still runs and ends the conversation.
    public func close() async -> TransportEnd {
        let end = TransportEnd(cause: .closedByUs, reason: "the connection was closed")
        let (receiver, conversation) = state.withLock { state in
            guard state.end == nil else {
                return (nil, nil) as ((any ClientTransportReceiver)?, (any ServerConversation)?)
            }
            state.end = end
            defer { state.receiver = nil }
            return (state.receiver, state.conversation)
        }
        await conversation?.cancel()
        receiver?.ended(end)
        return end
    }

    /// There is nothing to know about the other end.
    public func evidence() -> JSONObject { [:] }
}
