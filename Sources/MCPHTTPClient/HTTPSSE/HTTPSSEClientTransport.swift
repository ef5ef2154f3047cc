public import AsyncRuntime
public import JSON
public import JSONRPC
public import MCP
public import MCPTransport
import Synchronization

/// A server over HTTP+SSE: its messages arrive on one event stream, and ours are posted to a URL that it names.
///
/// Source: 2024-11-05, transports, "HTTP with SSE".
public final class HTTPSSEClientTransport: ClientTransport {
    private let endpoint: HTTPEndpoint
    private let scheduler: any Scheduler
    private let handle = Mutex<SessionHandle<SSESession>?>(nil)

    /// Creates a transport for a server whose event stream is at the endpoint's URL.
    public init(_ endpoint: HTTPEndpoint, scheduler: any Scheduler) {
        self.endpoint = endpoint
        self.scheduler = scheduler
    }

    /// The kind.
    public var kind: TransportKind { .sse }

    /// Frames arrive on the event loop of the connection; another executor gains nothing.
    public var executor: (any TaskExecutor)? { nil }

    private var session: SessionHandle<SSESession>? { handle.withLock { $0 } }

    /// Opens the stream, and waits until the server has named the URL for messages.
    ///
    /// - Throws: ``TransportFailure``.
    public func open(_ receiver: any ClientTransportReceiver) async throws {
        let pool = try ConnectionPool(HTTPTarget(endpoint), scheduler: scheduler)
        let record = SessionRecord()
        let opened = Latch<TransportFailure?>()
        let session = SessionHandle(SSESession(pool, record, receiver, opened: opened), on: pool, record: record)
        handle.withLock { $0 = session }
        session.perform { $0.open() }
        if let failure = await opened.wait() {
            _ = await session.close()
            throw failure
        }
    }

    /// Applies the negotiated revision to later posts, if it has a header for it.
    public func settled(on revision: Revision) {
        session?.perform { $0.settle(on: revision) }
    }

    /// Posts a frame.
    public func send(_ frame: OutgoingFrame) throws {
        guard let session else { throw TransportFailure(.closed, "the connection is not open") }
        try session.send(frame)
    }

    /// Does nothing: only a notification cancels a request.
    public func abandon(_ id: RequestID) -> Bool { false }

    /// Closes the stream and all posts.
    @discardableResult
    public func close() async -> TransportEnd {
        await session?.close() ?? TransportEnd(cause: .closedByUs, reason: "the connection was never opened")
    }

    /// The target, the URL for messages and the last exchanges, without secrets.
    public func evidence() -> JSONObject {
        session?.evidence() ?? ["url": .string(endpoint.shownURL)]
    }

    /// The exchange in which one request was posted.
    public func evidence(of request: RequestID) -> JSONObject? {
        session?.evidence(of: request)
    }

    /// Method, URL and headers of the request that would post the frame.
    public func preview(of frame: OutgoingFrame) async -> JSONObject? {
        await session?.preview(of: frame)
    }
}
