import AsyncRuntime
import JSON
import JSONRPC
import MCP
import Synchronization

/// A request of the server whose handler runs.
struct OpenInputRequest {
    /// The task of the handler.
    var task: Task<Void, Never>
    /// The client's request that it belongs to, if that is known.
    var owner: RequestID?
    /// The requests whose idle time is paused.
    var held: [RequestID]
    /// The number of its event.
    var number: Int
}

/// Requests of the server, which the legacy era has: each is answered once, by a handler or with an error.
///
/// Source: 2025-11-25, "Ping", "Elicitation", "Sampling", "Roots"; 2026-07-28, "Message patterns": a server must not send
/// requests, and a client does not answer them.
extension ClientLink {
    func take(_ request: Message.Request, _ arrival: Arrival) {
        let (revision, owner) = state.withLock { state in
            (state.revision ?? .latestLegacy, state.owner(of: arrival, isMultiplexed: isMultiplexed))
        }
        guard revision.era == .legacy else {
            breach(
                "the server sent the request \(request.method), but in this revision it can request input only inside "
                    + "results; the request was not answered",
                arrival,
                exchange: owner
            )
            peer.finishInbound(request.id)
            return
        }
        if request.method == Method.ping.rawValue {
            note(.serverRequest(request.method), arrival, exchange: owner)
            return respond(to: request, Message.encode(id: request.id, result: JSONText([:])))
        }
        do throws(InputObjection) {
            let (kind, handler) = try options.input.handler(
                of: request.method,
                request.params,
                direction: .serverToClient,
                in: revision
            )
            run(handler, for: request, kind, owner: owner, in: revision, arrival)
        } catch {
            note(.serverRequest(request.method), arrival, exchange: owner)
            breach("\(request.method): \(error)", arrival, exchange: owner)
            respond(to: request, Message.encode(id: request.id, error: error.error))
        }
    }

    private func run(
        _ handler: @escaping InputHandlers.Handler,
        for request: Message.Request,
        _ kind: ReceivedInputRequest.Kind,
        owner: RequestID?,
        in revision: Revision,
        _ arrival: Arrival
    ) {
        let (round, ownHandler, held) = state.withLock { state in
            // If its owner is unknown, any of the waiting requests may wait for the user.
            guard let owner else {
                let candidates = state.exchanges.filter(\.value.canAsk).keys.map(\.self)
                return (1, nil, candidates) as (Int, InputHandlers.Handler?, [RequestID])
            }
            state.exchanges[owner]?.rounds += 1
            let exchange = state.exchanges[owner]
            return (exchange?.rounds ?? 1, exchange?.onInputRequest, [owner])
        }
        let received = ReceivedInputRequest(
            kind,
            origin: .request(request.id),
            key: request.id.value.string ?? request.id.description,
            params: request.params,
            request: owner,
            revision: revision,
            round: round
        )
        let number = note(received, arrival)
        for id in held { peer.suspendLimits(of: id, includingTotal: options.input.pausesLimits) }
        state.withLock { state in
            guard state.end == nil else { return }
            // The task cannot remove its entry before the entry is there, because that takes this lock.
            let task = Task { await self.respond(to: received, request, by: ownHandler ?? handler) }
            state.inputRequests[request.id] = OpenInputRequest(task: task, owner: owner, held: held, number: number)
        }
    }

    private func respond(
        to received: ReceivedInputRequest,
        _ request: Message.Request,
        by handler: InputHandlers.Handler
    ) async {
        let result: Result<JSONObject, InputRefusal>
        do throws(InputRefusal) {
            result = .success(try await handler(received))
        } catch {
            result = .failure(error)
        }
        guard let open = removeInputRequest(request.id) else { return }
        switch result {
        case .success(let object):
            record(.answered(object), of: received, open.number)
            respond(to: request, Message.encode(id: request.id, result: JSONText(.object(object))))
        case .failure(let refusal):
            record(.refused(refusal), of: received, open.number)
            respond(to: request, refusal.response(to: received, id: request.id))
        }
    }

    /// Cancels a request of the server, because the server does not need the response any more.
    ///
    /// - Returns: Whether there was such a request.
    func cancelInputRequest(_ id: RequestID) -> Bool {
        guard let open = removeInputRequest(id) else { return false }
        peer.finishInbound(id)
        open.task.cancel()
        let time = began.duration(to: scheduler.now)
        events.add(.inputOutcome(of: open.number, .cancelled), at: time, exchange: open.owner)
        return true
    }

    /// Cancels the handlers of requests that belong to a cancelled request of the client.
    func cancelInputRequests(of owner: RequestID) {
        let tasks = state.withLock { $0.inputRequests.values.filter { $0.owner == owner }.map(\.task) }
        for task in tasks { task.cancel() }
    }

    /// Removes a request of the server, so that it is answered or cancelled only once.
    private func removeInputRequest(_ id: RequestID) -> OpenInputRequest? {
        let open = state.withLock { $0.inputRequests.removeValue(forKey: id) }
        for id in open?.held ?? [] { peer.resumeLimits(of: id) }
        return open
    }

    private func respond(to request: Message.Request, _ bytes: [UInt8]) {
        do {
            try peer.respond(to: request.id, with: bytes)
        } catch {
            note(.sendFailed("the response to \(request.method) could not be sent: \(error)"))
        }
    }
}

extension ClientLink {
    /// Adds an input request with its faults to the events.
    ///
    /// - Returns: The number of the event.
    func note(_ request: ReceivedInputRequest, _ arrival: Arrival) -> Int {
        let number = events.add(
            .inputRequest(request),
            at: arrival.time,
            exchange: request.request,
            frame: arrival.frame
        )
        for problem in request.problems.prefix(10) {
            let sentence =
                "the input request \"\(request.key)\" (\(request.kind.method)) does not match its schema: \(problem)"
            note(.breach(sentence), arrival, exchange: request.request)
        }
        return number
    }

    /// Adds the outcome of an input request to the events, which has the event number.
    func record(_ outcome: EventLog.InputOutcome, of request: ReceivedInputRequest, _ number: Int) {
        let time = began.duration(to: scheduler.now)
        events.add(.inputOutcome(of: number, outcome), at: time, exchange: request.request)
    }
}

extension InputRefusal {
    /// The response to a request of the server that was refused.
    ///
    /// Source: 2025-11-25, "Sampling", error handling (−1); "Elicitation", response actions; "Roots", error handling.
    fileprivate func response(to request: ReceivedInputRequest, id: RequestID) -> [UInt8] {
        switch (self, request.kind) {
        case (.failed(let error), _): Message.encode(id: id, error: error)
        case (_, .elicitation): Message.encode(id: id, result: JSONText(.object(elicitationResult)))
        case (_, .sampling):
            Message.encode(id: id, error: RPCError(code: ErrorCode.userRejected.rawValue, message: description))
        case (_, .roots): Message.encode(id: id, error: .internalError(description))
        }
    }

    /// The result of an elicitation that was refused.
    var elicitationResult: JSONObject {
        if case .cancelled = self { ["action": "cancel"] } else { ["action": "decline"] }
    }
}
