import JSON
import JSONRPC
import MCPTransport
import Synchronization

/// The part of a session that all threads share: whether it is closed, its requests in flight, and its exchanges.
///
/// Everything else belongs to the loop.
final class SessionRecord: Sendable {
    private enum RequestState {
        /// It waits in the send queue, or for the loop.
        case queued
        /// It has been sent.
        ///
        /// In the stateless era, closing its stream cancels it.
        case sent(isStateless: Bool)
        /// It was cancelled before it was sent.
        case dropped
    }

    private struct State {
        var isClosed = false
        var requests: [RequestID: RequestState] = [:]
        var log = ExchangeLog()
        var facts = JSONObject()
    }

    private let state = Mutex(State())

    private func update<Result: Sendable>(_ change: (inout State) -> Result) -> Result {
        state.withLock { change(&$0) }
    }

    // MARK: - Requests

    /// Admits a frame that is about to be queued.
    ///
    /// - Throws: ``TransportFailure`` of the kind `closed` if the session is closed.
    func admit(_ request: RequestID?) throws(TransportFailure) {
        let isOpen = update { state in
            guard !state.isClosed else { return false }
            if let request { state.requests[request] = .queued }
            return true
        }
        guard isOpen else { throw TransportFailure(.closed, "the connection is closed") }
    }

    /// Marks a request as sent.
    ///
    /// - Returns: false if it was cancelled before; then it must not be sent.
    func begin(_ request: RequestID, isStateless: Bool) -> Bool {
        update { state in
            let former = state.requests.updateValue(.sent(isStateless: isStateless), forKey: request)
            guard case .dropped? = former else { return true }
            state.requests[request] = .dropped
            return false
        }
    }

    /// Cancels a request.
    ///
    /// - Returns: Whether the server needs no notification: it has not received the request, or it learns of the
    ///   cancellation when the stream is closed (2026-07-28, "Cancellation"). false also if the request is not in flight.
    func abandon(_ request: RequestID) -> Bool {
        update { state in
            switch state.requests[request] {
            case .queued?, .dropped?:
                state.requests[request] = .dropped
                return true
            case .sent(let isStateless)?: return isStateless
            case nil: return false
            }
        }
    }

    /// Forgets a request that has finished.
    func finish(_ request: RequestID) {
        update { $0.requests[request] = nil }
    }

    /// Closes the session: no frame is admitted from now on.
    func close() {
        update { $0.isClosed = true }
    }

    // MARK: - Evidence

    func add(_ record: ExchangeRecord, for request: RequestID?) {
        update { $0.log.add(record, for: request) }
    }

    /// Sets a fact about the session that is part of its evidence; nil removes it.
    func setFact(_ name: String, _ value: String?) {
        update { $0.facts[name] = value.map(JSONValue.string) }
    }

    func evidence(of request: RequestID) -> JSONObject? {
        update { $0.log.record(of: request) }?.evidence()
    }

    /// The target, the facts of the session and its last exchanges, without secrets.
    func evidence(of target: HTTPTarget) -> JSONObject {
        let (facts, count, last) = update { ($0.facts, $0.log.count, $0.log.last(3)) }
        var evidence = target.evidence
        for member in facts.members { evidence[member.key] = member.value }
        evidence["exchange_count"] = .number(JSONNumber(count))
        evidence["last_exchanges"] = .array(last.map { .object($0.evidence()) })
        return evidence
    }
}
