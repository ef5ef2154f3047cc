import AsyncRuntime
import JSON
import JSONRPC
import MCPTransport
import Synchronization

/// The session of a transport over HTTP, once the transport is open.
final class SessionSlot<Session: LoopSession>: Sendable {
    let endpoint: HTTPEndpoint
    let scheduler: any Scheduler
    private let handle = Mutex<SessionHandle<Session>?>(nil)

    init(_ endpoint: HTTPEndpoint, _ scheduler: any Scheduler) {
        self.endpoint = endpoint
        self.scheduler = scheduler
    }

    var session: SessionHandle<Session>? { handle.withLock { $0 } }

    /// Prepares the connection, and puts a session here.
    ///
    /// - Throws: ``TransportFailure`` of the kind `usage` or `proxy`, if the endpoint cannot be used.
    func open(_ make: (ConnectionPool, SessionRecord) -> sending Session) throws -> SessionHandle<Session> {
        let pool = try ConnectionPool(HTTPTarget(endpoint), scheduler: scheduler)
        let record = SessionRecord()
        let session = SessionHandle(make(pool, record), on: pool, record: record)
        handle.withLock { $0 = session }
        return session
    }

    func send(_ frame: OutgoingFrame) throws {
        guard let session else { throw TransportFailure(.closed, "the connection is not open") }
        try session.send(frame)
    }

    func close() async -> TransportEnd {
        await endpoint.tokens?.cancelRenewal()
        return await session?.close() ?? TransportEnd(cause: .closedByUs, reason: "the connection was never opened")
    }

    func evidence() -> JSONObject { session?.evidence() ?? ["url": .string(endpoint.shownURL)] }

    func evidence(of request: RequestID) -> JSONObject? { session?.evidence(of: request) }
}
