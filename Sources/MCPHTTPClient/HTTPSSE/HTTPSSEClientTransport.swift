public import AsyncRuntime
public import JSON
public import JSONRPC
public import MCP
public import MCPTransport

/// A server over HTTP+SSE: its messages arrive on one event stream, and ours are posted to a URL that it names.
///
/// Source: 2024-11-05, transports, "HTTP with SSE".
public final class HTTPSSEClientTransport: ClientTransport {
    private let slot: SessionSlot<SSESession>

    /// Creates a transport for a server whose event stream is at the endpoint's URL.
    public init(_ endpoint: HTTPEndpoint, scheduler: any Scheduler) {
        slot = SessionSlot(endpoint, scheduler)
    }

    /// The kind.
    public var kind: TransportKind { .sse }

    /// Frames arrive on the event loop of the connection; another executor gains nothing.
    public var executor: (any TaskExecutor)? { nil }

    /// Opens the stream, and waits until the server has named the URL for messages.
    ///
    /// - Throws: ``TransportFailure``.
    public func open(_ receiver: any ClientTransportReceiver) async throws {
        let opened = Latch<TransportFailure?>()
        let session = try slot.open { SSESession($0, $1, receiver, opened: opened) }
        session.perform { $0.open() }
        if let failure = await opened.wait() {
            _ = await session.close()
            throw failure
        }
    }

    /// Applies the negotiated revision to later posts, if it has a header for it.
    public func settled(on revision: Revision) {
        slot.session?.perform { $0.settle(on: revision) }
    }

    /// Posts a frame.
    public func send(_ frame: OutgoingFrame) throws {
        try slot.send(frame)
    }

    /// Does nothing: only a notification cancels a request.
    public func abandon(_ id: RequestID) -> Bool { false }

    /// Closes the stream and all posts.
    @discardableResult
    public func close() async -> TransportEnd {
        await slot.close()
    }

    /// The target, the URL for messages and the last exchanges, without secrets.
    public func evidence() -> JSONObject { slot.evidence() }

    /// The exchange in which one request was posted.
    public func evidence(of request: RequestID) -> JSONObject? { slot.evidence(of: request) }

    /// Method, URL and headers of the request that would post the frame.
    public func preview(of frame: OutgoingFrame) async -> JSONObject? {
        await slot.session?.preview(of: frame)
    }
}
