import AsyncRuntime
import JSON
import JSONRPC
import MCP
import Synchronization

/// A question of the server that a handler is about to answer.
struct LiveInputRequest {
    /// The handler's task.
    var task: Task<Void, Never>
    /// The request of ours that it belongs to, where that is known.
    var owner: RequestID?
    /// The requests whose idle time stands still meanwhile.
    var held: [RequestID]
    /// The number of its event.
    var number: Int
}

/// Requests of the server, which the legacy era has: each is answered once, by a handler or by the error that the
/// specification says.
///
/// Source: 2025-11-25, "Ping", "Elicitation", "Sampling", "Roots"; 2026-07-28, "Message patterns", where a server must
/// not ask and a client does not answer.
extension ClientLink {
    func take(_ request: Message.Request, _ arrival: Arrival) {
        let (revision, owner) = state.withLock { state in
            (state.revision ?? .latestLegacy, state.owner(of: arrival, isMultiplexed: isMultiplexed))
        }
        guard revision.era == .legacy else {
            breach(
                "the server sent the request \(request.method), but in this revision it asks inside of results alone; "
                    + "it got no answer",
                arrival,
                exchange: owner
            )
            peer.finishInbound(request.id)
            return
        }
        if request.method == Method.ping.rawValue {
            note(.serverRequest(request.method), arrival, exchange: owner)
            return answer(request.id, with: Message.encode(id: request.id, result: JSONText([:])), to: request.method)
        }
        do throws(InputObjection) {
            let (kind, handler) = try options.input.handler(
                of: request.method,
                request.params,
                going: .serverToClient,
                in: revision
            )
            ask(kind, handler, request, owner: owner, in: revision, arrival)
        } catch {
            note(.serverRequest(request.method), arrival, exchange: owner)
            breach("\(request.method): \(error)", arrival, exchange: owner)
            answer(request.id, with: Message.encode(id: request.id, error: error.error), to: request.method)
        }
    }

    private func ask(
        _ kind: ReceivedInputRequest.Kind,
        _ handler: @escaping InputHandlers.Handler,
        _ request: Message.Request,
        owner: RequestID?,
        in revision: Revision,
        _ arrival: Arrival
    ) {
        let (round, ownHandler) = state.withLock { state in
            guard let owner else { return (1, nil) as (Int, InputHandlers.Handler?) }
            state.exchanges[owner]?.rounds += 1
            return (state.exchanges[owner]?.rounds ?? 1, state.exchanges[owner]?.onInputRequest)
        }
        let question = ReceivedInputRequest(
            kind,
            way: .request(request.id),
            key: request.id.value.string ?? request.id.description,
            params: request.params,
            request: owner,
            revision: revision,
            round: round
        )
        let number = note(question, arrival)
        let handler = ownHandler ?? handler
        // Where nobody knows whose question it is, each of them may wait for a person.
        let held = owner.map { [$0] } ?? state.withLock { $0.exchanges.filter(\.value.canAsk).keys.map(\.self) }
        for id in held { peer.suspendLimits(of: id, includingTotal: options.input.pausesLimits) }
        state.withLock { state in
            guard state.end == nil else { return }
            // However quick it is, the task can take itself out only after it was entered here.
            let task = Task { await self.answer(question, request, handler) }
            state.questions[request.id] = LiveInputRequest(task: task, owner: owner, held: held, number: number)
        }
    }

    private func answer(_ question: ReceivedInputRequest, _ request: Message.Request, _ handler: InputHandlers.Handler)
        async
    {
        let outcome: Result<JSONObject, InputRefusal>
        do throws(InputRefusal) {
            outcome = .success(try await handler(question))
        } catch {
            outcome = .failure(error)
        }
        guard let live = finish(request.id) else { return }
        switch outcome {
        case .success(let result):
            settle(live.number, .answered(result), of: question)
            answer(
                request.id,
                with: Message.encode(id: request.id, result: JSONText(.object(result))),
                to: request.method
            )
        case .failure(let refusal):
            settle(live.number, .refused(refusal), of: question)
            answer(request.id, with: refusal.response(to: question, id: request.id), to: request.method)
        }
    }

    /// The server does not want an answer any more.
    func callOff(_ id: RequestID) -> Bool {
        guard let live = finish(id) else { return false }
        peer.finishInbound(id)
        live.task.cancel()
        let time = began.duration(to: scheduler.now)
        events.add(.settled(question: live.number, .calledOff), at: time, exchange: live.owner)
        return true
    }

    /// A request was given up: whoever answers its questions need not go on.
    func abandonQuestions(of owner: RequestID) {
        let tasks = state.withLock { $0.questions.values.filter { $0.owner == owner }.map(\.task) }
        for task in tasks { task.cancel() }
    }

    /// Takes a question out, so that whoever comes second finds it gone.
    private func finish(_ id: RequestID) -> LiveInputRequest? {
        let live = state.withLock { $0.questions.removeValue(forKey: id) }
        for id in live?.held ?? [] { peer.resumeLimits(of: id) }
        return live
    }

    private func answer(_ id: RequestID, with bytes: [UInt8], to method: String) {
        do {
            try peer.respond(to: id, with: bytes)
        } catch {
            note(.sendFailed("the answer to \(method) could not be sent: \(error)"))
        }
    }
}

extension ClientLink {
    /// Adds a question to the events, with what is wrong with it, and tells its number.
    func note(_ question: ReceivedInputRequest, _ arrival: Arrival) -> Int {
        let number = events.add(
            .question(question),
            at: arrival.time,
            exchange: question.request,
            frame: arrival.frame
        )
        for problem in question.problems.prefix(10) {
            let sentence = "the question \"\(question.key)\" (\(question.kind.method)) breaks its schema: \(problem)"
            note(.breach(sentence), arrival, exchange: question.request)
        }
        return number
    }

    /// Adds what became of a question to the events.
    func settle(_ number: Int, _ settlement: EventLog.Settlement, of question: ReceivedInputRequest) {
        let time = began.duration(to: scheduler.now)
        events.add(.settled(question: number, settlement), at: time, exchange: question.request)
    }
}

extension InputRefusal {
    /// What a server is answered whose question finds no answer.
    ///
    /// Source: 2025-11-25, "Sampling", error handling (−1); "Elicitation", response actions; "Roots", error handling.
    fileprivate func response(to question: ReceivedInputRequest, id: RequestID) -> [UInt8] {
        switch (self, question.kind) {
        case (.failed(let error), _): Message.encode(id: id, error: error)
        case (_, .elicitation): Message.encode(id: id, result: JSONText(.object(elicitationResult)))
        case (_, .sampling):
            Message.encode(id: id, error: RPCError(code: ErrorCode.userRejected.rawValue, message: description))
        case (_, .roots): Message.encode(id: id, error: .internalError(description))
        }
    }

    /// The result that says no; without meaning where an error is to be the answer.
    var elicitationResult: JSONObject {
        if case .cancelled = self { ["action": "cancel"] } else { ["action": "decline"] }
    }
}
