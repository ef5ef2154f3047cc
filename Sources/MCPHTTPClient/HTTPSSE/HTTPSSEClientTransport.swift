public import AsyncRuntime
public import JSON
public import JSONRPC
public import MCP
public import MCPTransport

/// A server over HTTP+SSE: all that it says comes by one stream of events, and what we say is posted elsewhere.
///
/// Source: 2024-11-05, transports, "HTTP with SSE".
public final class HTTPSSEClientTransport: ClientTransport {
    private let endpoint: HTTPEndpoint
    private let scheduler: any Scheduler
    private let life = TransportLifecycle<SSESession>()

    /// Creates a way to a server whose stream of events is at the endpoint's URL.
    public init(_ endpoint: HTTPEndpoint, scheduler: any Scheduler) {
        self.endpoint = endpoint
        self.scheduler = scheduler
    }

    /// The kind.
    public var kind: TransportKind { .sse }

    /// Frames arrive on the event loop of the connection; nothing is gained by another executor.
    public var executor: (any TaskExecutor)? { nil }

    /// Opens the stream, and waits until the server has said where messages are to be posted.
    ///
    /// - Throws: ``TransportFailure``.
    public func open(_ receiver: any ClientTransportReceiver) async throws {
        let receiver = ReceiverUntilEnd(receiver)
        let session = try SSESession(HTTPTarget(endpoint), receiver, scheduler: scheduler) { [weak life] end in
            life?.end(end)
        }
        life.begin(session, receiver)
        if let failure = await session.open() {
            _ = await session.close()
            throw failure
        }
    }

    /// Posts say the revision from now on, where it has a header for that.
    public func settled(on revision: Revision) {
        life.session?.settled(on: revision)
    }

    /// Posts a frame.
    public func send(_ frame: OutgoingFrame) throws {
        try life.open().send(frame)
    }

    /// Cancels nothing by itself: a notification must.
    public func abandon(_ id: RequestID) -> Bool { false }

    /// Closes the stream and all posts.
    @discardableResult
    public func close() async -> TransportEnd {
        await life.close { await $0.close() }
    }

    /// The way to the server, where messages are posted, the last exchanges; never a secret.
    public func evidence() -> JSONObject {
        life.session?.evidence() ?? ["url": .string(endpoint.shownURL)]
    }

    /// The exchange by which one request was posted.
    public func evidence(of request: RequestID) -> JSONObject? {
        life.session?.evidence(of: request)
    }
}
