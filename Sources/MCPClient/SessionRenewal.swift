import JSON
import JSONRPC
import MCP
import MCPTransport
import Synchronization

/// Opens one new session after a session was lost, however many requests noticed it.
final class SessionRenewal: Sendable {
    private struct State {
        var session = 0
        var isRunning = false
        var lastTicket = 0
        var waiting: [Int: CheckedContinuation<Turn, Never>] = [:]
    }

    private enum Turn {
        case opens
        case over(CallFailure?)
    }

    private let state = Mutex(State())

    /// The number of the current session.
    var current: Int {
        state.withLock { $0.session }
    }

    /// Whether a session is being opened; until then there is none to send requests in.
    var isRunning: Bool {
        state.withLock { $0.isRunning }
    }

    /// Opens a session, or waits until another request has.
    ///
    /// - Returns: Why there is no new session, or nil.
    func renew(_ lost: Int, by open: () async -> CallFailure?) async -> CallFailure? {
        switch await turn(after: lost) {
        case .over(let failure): return failure
        case .opens:
            let failure = await open()
            finish(failure)
            return failure
        }
    }

    private func turn(after lost: Int) async -> Turn {
        let ticket = state.withLock { state in
            state.lastTicket += 1
            return state.lastTicket
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let turn = state.withLock { state -> Turn? in
                    if Task.isCancelled { return .over(.cancelled) }
                    if state.session != lost { return .over(nil) }
                    guard state.isRunning else {
                        state.isRunning = true
                        return .opens
                    }
                    state.waiting[ticket] = continuation
                    return nil
                }
                if let turn { continuation.resume(returning: turn) }
            }
        } onCancel: {
            state.withLock { $0.waiting.removeValue(forKey: ticket) }?.resume(returning: .over(.cancelled))
        }
    }

    private func finish(_ failure: CallFailure?) {
        let (others, turn) = state.withLock { state -> ([CheckedContinuation<Turn, Never>], Turn) in
            // The request that opened it was cancelled. That does not concern the others, so one of them continues.
            if case .cancelled = failure, let (ticket, next) = state.waiting.first {
                state.waiting[ticket] = nil
                return ([next], .opens)
            }
            state.isRunning = false
            if failure == nil { state.session += 1 }
            defer { state.waiting = [:] }
            return (state.waiting.values.map(\.self), .over(failure))
        }
        for continuation in others { continuation.resume(returning: turn) }
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
                Message.encode(id: id, method: method.rawValue, params: JSONText(.object(params))),
                id: id,
                head: head,
                limits: CallLimits(request: limit),
                isCancellable: true,
                exchange: OpenExchange(canAsk: false)
            )
            if case .failure(let error) = reply.result { note(.notRestated(method.rawValue, "\(error)")) }
        } catch {
            note(.notRestated(method.rawValue, "\(error)"))
        }
    }
}
