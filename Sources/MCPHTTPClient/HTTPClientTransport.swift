public import AsyncRuntime
public import JSON
public import JSONRPC
public import MCP
public import MCPTransport

/// A server over Streamable HTTP: each message is posted in a request of its own, whose response is one message or an event
/// stream.
///
/// Source: transports, "Streamable HTTP", 2025-03-26 and later.
public final class HTTPClientTransport: ClientTransport {
    private let slot: SessionSlot<StreamableSession>

    /// Creates a transport; nothing is sent before the first frame.
    public init(_ endpoint: HTTPEndpoint, scheduler: any Scheduler) {
        slot = SessionSlot(endpoint, scheduler)
    }

    /// Creates the transport that the endpoint asks for.
    public static func make(_ endpoint: HTTPEndpoint, scheduler: any Scheduler) -> any ClientTransport {
        endpoint.transport == .sse
            ? HTTPSSEClientTransport(endpoint, scheduler: scheduler)
            : HTTPClientTransport(endpoint, scheduler: scheduler)
    }

    /// The kind.
    public var kind: TransportKind { .streamableHTTP }

    /// Frames arrive on the event loop of the connection; another executor gains nothing.
    public var executor: (any TaskExecutor)? { nil }

    /// HTTP+SSE at the same URL, unless the endpoint asks for Streamable HTTP only.
    public var predecessor: (any ClientTransport)? {
        slot.endpoint.transport == .auto ? HTTPSSEClientTransport(slot.endpoint, scheduler: slot.scheduler) : nil
    }

    /// Prepares the connection.
    ///
    /// - Throws: ``TransportFailure`` of the kind `usage` or `proxy`, if the endpoint cannot be used.
    public func open(_ receiver: any ClientTransportReceiver) async throws {
        _ = try slot.open { StreamableSession($0, $1, receiver) }
    }

    /// Applies the negotiated revision to later requests; in the legacy era, also opens the standalone stream.
    public func settled(on revision: Revision) {
        slot.session?.perform { $0.settle(on: revision) }
    }

    /// Posts a frame.
    public func send(_ frame: OutgoingFrame) throws {
        try slot.send(frame)
    }

    /// Closes the stream of a request.
    ///
    /// In the stateless era that cancels the request. In the legacy era a notification must, and the stream stays open for a
    /// late response.
    public func abandon(_ id: RequestID) -> Bool {
        guard let session = slot.session else { return false }
        let isCancelled = session.record.abandon(id)
        session.perform { $0.abandon(id, closingStream: isCancelled) }
        return isCancelled
    }

    /// Closes all exchanges and ends the session at the server, if there is one.
    @discardableResult
    public func close() async -> TransportEnd {
        await slot.close()
    }

    /// The target, the session and the last exchanges, without secrets.
    public func evidence() -> JSONObject { slot.evidence() }

    /// The exchange of one request: headers, status, times.
    public func evidence(of request: RequestID) -> JSONObject? { slot.evidence(of: request) }

    /// Method, URL and headers of the request that would post the frame.
    public func preview(of frame: OutgoingFrame) async -> JSONObject? {
        await slot.session?.preview(of: frame)
    }
}
