public import AsyncRuntime
public import JSON
public import JSONRPC
public import MCP
public import MCPTransport
import Synchronization

/// A server over HTTP: each message is a request of its own, answered by one message or by a stream of events.
///
/// Source: transports, "Streamable HTTP", 2025-03-26 and later.
public final class HTTPClientTransport: ClientTransport {
    private let endpoint: HTTPEndpoint
    private let scheduler: any Scheduler
    private let life = TransportLifecycle<StreamableSession>()

    /// Creates a way to a server; nothing is sent before the first frame.
    public init(_ endpoint: HTTPEndpoint, scheduler: any Scheduler) {
        self.endpoint = endpoint
        self.scheduler = scheduler
    }

    /// The way that the endpoint asks for.
    public static func make(_ endpoint: HTTPEndpoint, scheduler: any Scheduler) -> any ClientTransport {
        endpoint.transport == .sse
            ? HTTPSSEClientTransport(endpoint, scheduler: scheduler)
            : HTTPClientTransport(endpoint, scheduler: scheduler)
    }

    /// The kind.
    public var kind: TransportKind { .streamableHTTP }

    /// Frames arrive on the event loop of the connection; nothing is gained by another executor.
    public var executor: (any TaskExecutor)? { nil }

    /// HTTP+SSE at the same URL, unless Streamable HTTP alone is asked for.
    public var predecessor: (any ClientTransport)? {
        endpoint.transport == .auto ? HTTPSSEClientTransport(endpoint, scheduler: scheduler) : nil
    }

    /// Makes ready to connect.
    ///
    /// - Throws: ``TransportFailure`` of the kind `usage` or `proxy`, if the endpoint cannot be used.
    public func open(_ receiver: any ClientTransportReceiver) async throws {
        let receiver = ReceiverUntilEnd(receiver)
        life.begin(try StreamableSession(HTTPTarget(endpoint), receiver, scheduler: scheduler), receiver)
    }

    /// Requests say the revision from now on, and in the legacy era the server's own stream is opened.
    public func settled(on revision: Revision) {
        life.session?.settled(on: revision)
    }

    /// Posts a frame.
    public func send(_ frame: OutgoingFrame) throws {
        try life.open().send(frame)
    }

    /// Closes the request's stream, which tells a server of the modern era; to one of the legacy era it means nothing.
    public func abandon(_ id: RequestID) -> Bool {
        life.session?.abandon(id) ?? false
    }

    /// Ends the session at the server, if there is one, and all that runs.
    @discardableResult
    public func close() async -> TransportEnd {
        await life.close { await $0.close() }
    }

    /// The way to the server, the session and the last exchanges; never a secret.
    public func evidence() -> JSONObject {
        life.session?.evidence() ?? ["url": .string(endpoint.shownURL)]
    }

    /// The exchange of one request: heads, status, times.
    public func evidence(of request: RequestID) -> JSONObject? {
        life.session?.evidence(of: request)
    }
}
