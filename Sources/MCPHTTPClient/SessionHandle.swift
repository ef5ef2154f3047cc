import AsyncRuntime
import JSON
import JSONRPC
import MCPTransport
import NIOCore

/// A session over HTTP, which lives on its event loop.
protocol LoopSession: AnyObject, SendableMetatype {
    /// Sends a frame that has been admitted.
    func send(_ frame: OutgoingFrame)
    /// Closes the session; the second call has no effect.
    ///
    /// Opens the latch when everything has ended.
    func close(_ closed: Latch<TransportEnd>)
    /// The request that would post a frame; `nil` if there is no URL for it yet. Changes nothing.
    func previewRequest(for frame: OutgoingFrame) -> ExchangeRequest?
}

/// A session as other threads see it: they send it work, and read what it publishes in its record.
final class SessionHandle<Session: LoopSession>: Sendable {
    let target: HTTPTarget
    let record: SessionRecord
    private let loop: any EventLoop
    private let session: NIOLoopBoundBox<Session>
    private let closed = Latch<TransportEnd>()

    init(_ session: sending Session, on pool: ConnectionPool, record: SessionRecord) {
        target = pool.target
        loop = pool.loop
        self.record = record
        self.session = .makeBoxSendingValue(session, eventLoop: pool.loop)
    }

    /// Runs an action on the loop, after all earlier ones.
    func perform(_ action: @escaping @Sendable (Session) -> Void) {
        loop.execute { [session] in action(session.value) }
    }

    func send(_ frame: OutgoingFrame) throws(TransportFailure) {
        try HTTPTarget.checkFields(of: frame.head)
        try record.admit(frame.request)
        perform { $0.send(frame) }
    }

    /// Method, URL and headers of the request that would post a frame, without secrets.
    func preview(of frame: OutgoingFrame) async -> JSONObject? {
        let request = await withCheckedContinuation { continuation in
            perform { continuation.resume(returning: $0.previewRequest(for: frame)) }
        }
        guard let request else { return nil }
        let shown = ExchangeRecord(request, secrets: target.secrets).evidence()
        return JSONObject(shown.members.filter { ["method", "url", "request_headers"].contains($0.key) })
    }

    /// Closes the session, and waits until everything that belongs to it has ended.
    ///
    /// - Returns: How the connection ended; that may have been the server's doing.
    func close() async -> TransportEnd {
        record.close()
        perform { [closed] in $0.close(closed) }
        return await closed.wait()
    }

    func evidence() -> JSONObject { record.evidence(of: target) }

    func evidence(of request: RequestID) -> JSONObject? { record.evidence(of: request) }
}
