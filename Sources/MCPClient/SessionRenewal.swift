import JSON
import JSONRPC
import MCP
import MCPTransport
import Synchronization

/// Sees to it that a lost session is opened anew once, however many requests lost it.
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

    /// The number of the session that requests are sent in.
    var current: Int {
        state.withLock { $0.session }
    }

    /// Tells whether a session is being opened: until that is done, requests have none to be sent in.
    var isRunning: Bool {
        state.withLock { $0.isRunning }
    }

    /// Opens a session, or waits until somebody else has.
    ///
    /// - Returns: What stood in the way, if anything did.
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
            // Whoever opened it gave up: that is not the others' reason, so one of them goes on.
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
    /// Shakes hands again, at the revision that was agreed upon, after the server forgot the session.
    ///
    /// Source: 2025-11-25, "Streamable HTTP", "Session management": a new session begins with `initialize` and without
    /// an id.
    ///
    /// - Returns: What stood in the way, if anything did.
    func renewSession(_ greeting: OpeningRequest, limit: Duration) async -> CallFailure? {
        let reply: Reply
        do throws(CallFailure) {
            reply = try await greet(greeting, id: peer.nextID(), limits: CallLimits(request: limit))
        } catch {
            return error
        }
        switch reply.result {
        case .failure(let error): return .malformed(reason: "initialize was answered with \(error)", frame: reply.frame)
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

    /// Asks the new session for what the old one was asked to do from then on: to log, and to tell about resources.
    ///
    /// What the server refuses now is noted; the session is good without it.
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
