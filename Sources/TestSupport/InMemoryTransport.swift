public import JSON
public import JSONRPC
public import MCPTransport
import Synchronization

/// A client transport to a server in this process: frames are passed by a call.
public final class InMemoryTransport: ClientTransport {
    /// The kind.
    public let kind = TransportKind.inMemory
    /// None: the in-memory transport prefers no executor.
    public var executor: (any TaskExecutor)? { nil }

    private struct State {
        var receiver: (any ClientTransportReceiver)?
        var conversation: (any ServerConversation)?
        var end: TransportEnd?
    }

    private let makeConversation: MakeConversation
    private let state = Mutex(State())

    /// Creates a transport to the server that the closure creates.
    public init(_ makeConversation: @escaping MakeConversation) {
        self.makeConversation = makeConversation
    }

    /// Starts the conversation.
    public func open(_ receiver: any ClientTransportReceiver) async throws {
        // Set first, because the server may send first.
        state.withLock { $0.receiver = receiver }
        let link = HostLink.frames { [weak self] bytes in
            self?.state.withLock { $0.end == nil ? $0.receiver : nil }?.received(bytes)
        }
        let conversation = makeConversation(link)
        state.withLock { $0.conversation = conversation }
    }

    /// Passes a frame to the server.
    public func send(_ frame: OutgoingFrame) throws {
        guard let conversation = state.withLock({ $0.end == nil ? $0.conversation : nil }) else {
            throw TransportFailure(.closed, "the connection is closed")
        }
        conversation.received(frame.bytes)
    }

    /// Returns false: cancelling needs a notification.
    public func abandon(_ id: RequestID) -> Bool { false }

    /// Cancels what is still running and ends the conversation.
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

    /// Empty: there is no process or URL to report.
    public func evidence() -> JSONObject { [:] }
}
