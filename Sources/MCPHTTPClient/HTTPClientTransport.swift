public import JSON
public import JSONRPC
import MCP
public import MCPTransport

/// A server over HTTP: each message is a request of its own, answered by one message or by a stream of events.
///
/// Source: transports, "Streamable HTTP", 2025-03-26 and later.
public final class HTTPClientTransport: ClientTransport {
    private let endpoint: HTTPEndpoint
    private let scheduler: any Scheduler

    /// Creates a way to a server; nothing is sent before the first frame.
    public init(_ endpoint: HTTPEndpoint, scheduler: any Scheduler) {
        self.endpoint = endpoint
        self.scheduler = scheduler
    }

    /// The way that the endpoint asks for.
    public static func make(_ endpoint: HTTPEndpoint, scheduler: any Scheduler) -> any ClientTransport {
        HTTPClientTransport(endpoint, scheduler: scheduler)
    }

    public var kind: TransportKind { .streamableHTTP }
    public var executor: (any TaskExecutor)? { nil }
    public func open(_ receiver: any ClientTransportReceiver) async throws {}
    public func send(_ frame: OutgoingFrame) throws {}
    public func abandon(_ id: RequestID) -> Bool { false }
    public func close() async -> TransportEnd { TransportEnd(cause: .closedByUs, reason: "") }
    public func evidence() -> JSONObject { [:] }
}
