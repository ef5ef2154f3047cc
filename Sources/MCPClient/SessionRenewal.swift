import AsyncRuntime
import JSON
import JSONRPC
import MCP
import MCPTransport
import Synchronization

/// Opens one new session after a session was lost, however many requests noticed it.
final class SessionRenewal: Sendable {
    private struct State {
        var session = 0
        /// Opened with the failure, if there is one, when the session that is being opened is or cannot be.
        var opening: Latch<CallFailure?>?
    }

    private enum Turn {
        case opens(Latch<CallFailure?>)
        case waits(Latch<CallFailure?>)
        case isOver
    }

    private let state = Mutex(State())

    /// The number of the current session.
    var current: Int {
        state.withLock { $0.session }
    }

    /// The number of the current session, or nil while a session is being opened: there is none to send requests in.
    var settled: Int? {
        state.withLock { $0.opening != nil ? nil : $0.session }
    }

    /// Opens a session, or waits until another request has.
    ///
    /// - Returns: Why there is no new session, or nil.
    func renew(_ lost: Int, by open: () async -> CallFailure?) async -> CallFailure? {
        while true {
            if Task.isCancelled { return .cancelled }
            switch turn(after: lost) {
            case .isOver: return nil
            case .opens(let opening):
                let failure = await open()
                finish(failure)
                opening.open(failure)
                return failure
            case .waits(let opening):
                guard let failure = await opening.waitUnlessCancelled() else { return .cancelled }
                // If the request that opened it was cancelled, that does not concern the others: one of them continues.
                if case .cancelled? = failure { continue }
                return failure
            }
        }
    }

    private func turn(after lost: Int) -> Turn {
        state.withLock { state in
            if state.session != lost { return .isOver }
            if let opening = state.opening { return .waits(opening) }
            let opening = Latch<CallFailure?>()
            state.opening = opening
            return .opens(opening)
        }
    }

    private func finish(_ failure: CallFailure?) {
        state.withLock { state in
            state.opening = nil
            if failure == nil { state.session += 1 }
        }
    }
}

extension ClientLink {
    /// Repeats the handshake at the negotiated revision after the server lost the session.
    ///
    /// Source: 2025-11-25, "Streamable HTTP", "Session management": a new session begins with `initialize` and without
    /// an ID.
    ///
    /// - Returns: Why there is no new session, or nil.
    func renewSession(_ greeting: OpeningRequest, limit: Duration) async -> CallFailure? {
        let reply: Reply
        do throws(CallFailure) {
            reply = try await greet(greeting, id: peer.nextID(), limits: CallLimits(request: limit))
        } catch {
            return error
        }
        switch reply.result {
        case .failure(let error):
            return .malformed(reason: "initialize returned an error: \(error)", frame: reply.frame)
        case .success(let result):
            let answered = result["protocolVersion"]?.string
            guard answered == greeting.revision.wireName else {
                let reason = "initialize was answered with protocolVersion \(answered ?? "missing")"
                return .malformed(reason: "\(reason), not \(greeting.revision.wireName)", frame: reply.frame)
            }
        }
        do {
            try notify(.initialized)
        } catch {
            return .unsendable("\(error)", by: error)
        }
        note(.sessionRenewed)
        await restate(within: limit)
        return nil
    }

    /// Restores the log level and the resource subscriptions in the new session.
    ///
    /// What the server refuses becomes an event; the session works without it.
    private func restate(within limit: Duration) async {
        let (level, uris) = state.withLock { ($0.logLevel.settled, $0.subscribedResources.uris) }
        if let level { await restate(.loggingSetLevel, ["level": .string(level.rawValue)], within: limit) }
        for uri in uris { await restate(.resourcesSubscribe, ["uri": .string(uri)], within: limit) }
    }

    private func restate(_ method: Method, _ params: JSONObject, within limit: Duration) async {
        let id = peer.nextID()
        var head = FrameHead()
        head.method = method
        do throws(CallFailure) {
            let reply = try await request(
                OutgoingRequest(
                    Message.encode(id: id, method: method.rawValue, params: JSONText(.object(params))),
                    id: id,
                    head: head,
                    limits: CallLimits(request: limit),
                    exchange: OpenExchange(canAsk: false)
                )
            )
            if case .failure(let error) = reply.result { note(.notRestated(method.rawValue, "\(error)")) }
        } catch {
            note(.notRestated(method.rawValue, "\(error)"))
        }
    }
}
