import JSON
import MCPHTTP
import MCPTransport
import Synchronization

/// The life of a transport: opened once, ended once, by us or by the server, whoever comes first.
final class TransportLifecycle<Session: Sendable>: Sendable {
    private struct State {
        var session: Session?
        var receiver: ReceiverUntilEnd?
        var isClosing = false
        var end: TransportEnd?
        var waiting: [CheckedContinuation<TransportEnd, Never>] = []
    }

    private let state = Mutex(State())

    /// The session, also after its end, for its evidence.
    var session: Session? { state.withLock { $0.session } }

    func begin(_ session: Session, _ receiver: ReceiverUntilEnd) {
        state.withLock { ($0.session, $0.receiver) = (session, receiver) }
    }

    /// The session, if it is open.
    func open() throws(TransportFailure) -> Session {
        let session = state.withLock { $0.isClosing || $0.end != nil ? nil : $0.session }
        guard let session else { throw TransportFailure(.closed, "the connection is closed") }
        return session
    }

    /// Ends the session as asked; whoever comes later waits for the same end.
    func close(_ work: (Session) async -> JSONObject) async -> TransportEnd {
        let (isFirst, session) = state.withLock { state in
            defer { state.isClosing = true }
            return (!state.isClosing, state.session)
        }
        guard isFirst else { return await ended() }
        let evidence = if let session { await work(session) } else { JSONObject() }
        return end(TransportEnd(cause: .closedByUs, reason: "the connection was closed", evidence: evidence))
    }

    /// Tells the end, unless it was told before.
    @discardableResult
    func end(_ end: TransportEnd) -> TransportEnd {
        let before = state.withLock { state in
            defer { if state.end == nil { (state.end, state.waiting) = (end, []) } }
            return state
        }
        if let first = before.end { return first }
        before.receiver?.ended(end)
        for continuation in before.waiting { continuation.resume(returning: end) }
        return end
    }

    private func ended() async -> TransportEnd {
        await withCheckedContinuation { continuation in
            let end = state.withLock { state in
                if state.end == nil { state.waiting.append(continuation) }
                return state.end
            }
            if let end { continuation.resume(returning: end) }
        }
    }
}

extension HTTPEndpoint {
    /// The URL without its secrets, also where it is none.
    var shownURL: String { Redaction.reference(url) }
}
