import AsyncRuntime
import JSON
import JSONRPC
import MCP

/// One call with all of its rounds: if the result requests input, the call is repeated with the responses until it is
/// complete.
///
/// Limits, progress and cancellation span all rounds. Responses and state only ever go into the next round of the same
/// call.
/// Source: 2026-07-28, "Multi round-trip requests"; 2025-11-25, "Elicitation", URL elicitation required.
struct Rounds {
    let client: Client
    let call: Call
    private let began: ContinuousClock.Instant
    /// The IDs of the rounds so far, without the current one.
    private var earlier: [RequestID] = []
    private var roundsAsked = 0
    private var stateOnlyRounds = 0
    /// The time spent in handlers that does not count against the limits.
    private var paused = Duration.zero

    init(_ call: Call, of client: Client) {
        self.call = call
        self.client = client
        began = client.link.scheduler.now
    }

    /// What the next round adds to the parameters of the call.
    private struct Retry {
        var answers: [(key: String, result: JSONObject)]?
        /// Returned byte for byte.
        var state: JSONText?
    }

    /// One round, which may have to be sent twice.
    private struct Attempt {
        let call: Call
        /// When the round began.
        let start: ContinuousClock.Instant
        var request: OutgoingRequest
        var mayRenewSession: Bool
        var mayRelistTools: Bool
    }

    mutating func run() async throws(CallError) -> CallResult {
        var attempt = try attempt(call, startingAt: began)
        while true {
            let session = await client.session()
            let result: CallResult
            do throws(CallError) {
                result = try await client.send(attempt.request, since: attempt.start)
            } catch {
                attempt = try await nextAttempt(after: error, of: attempt, in: session)
                continue
            }
            guard client.revision.has(.resultType) || !earlier.isEmpty else { return result }
            let counted = counted(result, attempt)
            guard let retry = try await next(after: counted) else { return counted }
            attempt = try nextAttempt(retry, after: counted.requests)
        }
    }

    // The steps are not inlined, because an async function reserves room for all of its variables in each call.

    @inline(never)
    private func attempt(
        _ call: Call,
        startingAt start: ContinuousClock.Instant
    ) throws(CallError) -> Attempt {
        let request = try client.prepare(call)
        let mayRepeat = call.maySendAgain
        return Attempt(
            call: call,
            start: start,
            request: request,
            mayRenewSession: mayRepeat,
            mayRelistTools: mayRepeat
        )
    }

    /// Begins the next round.
    @inline(never)
    private mutating func nextAttempt(_ retry: Retry, after requests: [RequestID]) throws(CallError) -> Attempt {
        earlier = requests
        return try attempt(round(with: retry), startingAt: client.link.scheduler.now)
    }

    /// Repeats a round if its session was lost or the headers of the tool were outdated, each once, and begins the next one
    /// if the user had to open URLs.
    ///
    /// - Throws: The failure of the call.
    @inline(never)
    private mutating func nextAttempt(
        after error: CallError,
        of attempt: Attempt,
        in session: Int
    ) async throws(CallError) -> Attempt {
        var attempt = attempt
        do throws(CallError) {
            if attempt.mayRenewSession, try await client.renew(session, after: error) {
                // The lost session did not process the request, so its ID is still unused.
                attempt.mayRenewSession = false
                return attempt
            }
            if attempt.mayRelistTools, await client.relistTools(after: error, calling: call.method) {
                attempt.request = try client.prepare(attempt.call)
                attempt.mayRelistTools = false
                attempt.mayRenewSession = true
                return attempt
            }
        } catch {
            throw counted(error, attempt)
        }
        let error = counted(error, attempt)
        guard case .rejected(let refusal) = error.cause, try await openURLs(of: refusal, error) else { throw error }
        return try nextAttempt(Retry(), after: error.requests)
    }

    private func round(with retry: Retry) -> Call {
        var limits = call.limits
        limits.request = remaining
        return call.repeated(with: call.params.adding(retry.answers, state: retry.state), limits: limits)
    }

    /// Turns the result of a round into that of the whole call.
    @inline(never)
    private func counted(_ result: CallResult, _ attempt: Attempt) -> CallResult {
        guard !earlier.isEmpty else { return result }
        return CallResult(
            id: result.id,
            result: result.result,
            elapsed: result.elapsed + began.duration(to: attempt.start) - paused,
            requests: earlier + result.requests,
            request: result.request
        )
    }

    /// Turns the failure of a round into that of the whole call.
    private func counted(_ error: CallError, _ attempt: Attempt) -> CallError {
        var error = error
        error.elapsed += began.duration(to: attempt.start) - paused
        error.requests = earlier + error.requests
        // A later round only has the rest of the call's limit, but the limit reached is the call's.
        if case .failed(.timeout(.request, _)) = error.cause, let limit = call.limits.request {
            error.cause = .failed(.timeout(.request, after: limit))
        }
        return error
    }

    /// The time that the server has had so far.
    private var elapsed: Duration { began.duration(to: client.link.scheduler.now) - paused }

    private var remaining: Duration? {
        call.limits.request.map { max($0 - elapsed, .zero) }
    }

    /// What the next round needs, or nil if the call is complete.
    @inline(never)
    private mutating func next(after result: CallResult) async throws(CallError) -> Retry? {
        guard client.revision.has(.resultType), let type = result.result["resultType"] else { return nil }
        switch ResultType(rawValue: type.string ?? "") {
        case .complete: return nil
        case .task where call.declaresTasks: return nil
        case .inputRequired where Self.methodsThatAsk.contains(call.method):
            return try await retry(after: result)
        case .inputRequired:
            throw invalid(
                "its resultType is \(type), but a server must not request input in a result of \(call.method)",
                result
            )
        case .task:
            throw invalid("its resultType is \(type), but the request did not declare the tasks extension", result)
        default: throw invalid("its resultType is \(type), which was not declared", result)
        }
    }

    /// The methods whose result may request input.
    static let methodsThatAsk: Set<Method> = [.toolsCall, .promptsGet, .resourcesRead]

    private mutating func retry(after result: CallResult) async throws(CallError) -> Retry {
        let inputs = result.result["inputRequests"].flatMap { $0.kind == .null ? nil : $0 }
        let state = result.result["requestState"].flatMap { $0.kind == .null ? nil : $0 }
        if let inputs, inputs.kind != .object { throw invalid("its inputRequests is not an object", result) }
        if let state, state.kind != .string { throw invalid("its requestState is not a string", result) }
        guard inputs != nil || state != nil else {
            throw invalid("it has neither inputRequests nor requestState", result)
        }
        roundsAsked += 1
        guard roundsAsked <= client.options.roundLimit else {
            throw fail(.input(.tooManyRounds(limit: client.options.roundLimit), result: result.result), result)
        }
        guard let members = inputs?.members, !members.isEmpty else {
            try await backOff(result)
            return Retry(answers: inputs == nil ? nil : [], state: state)
        }
        stateOnlyRounds = 0
        let questions = try readQuestions(members, result)
        let answers = try await gather(questions, result)
        return Retry(answers: answers, state: state)
    }

    /// State without input requests means "try later": wait a little, so that the server is not flooded.
    private mutating func backOff(_ result: CallResult) async throws(CallError) {
        stateOnlyRounds += 1
        let pause = min(Duration.milliseconds(50 << min(stateOnlyRounds - 1, 3)), .milliseconds(250))
        await client.link.scheduler.wait(for: min(pause, remaining ?? pause))
        if Task.isCancelled { throw fail(.failed(.cancelled), result) }
    }

    // MARK: - Input requests

    private typealias Asked = HandledInputRequest

    private func readQuestions(
        _ members: [(key: String, text: JSONText)],
        _ result: CallResult
    ) throws(CallError) -> [Asked] {
        let received = ReceivedInputRequests(members: members, origin: .result, request: result.id, round: roundsAsked)
        do throws(InputFailure) {
            return try received.resolve(for: client, handler: call.onInputRequest)
        } catch {
            throw fail(.input(error, result: result.result), result)
        }
    }

    private mutating func gather(_ asked: [Asked], _ result: CallResult) async throws(CallError) -> [(
        key: String, result: JSONObject
    )] {
        switch await settle(asked) {
        case .answered(let results): return zip(asked, results).map { ($0.request.key, $1) }
        case .refused(let question, let refusal):
            throw fail(.input(.refused(question, refusal), result: result.result), result)
        case .cancelled: throw fail(.failed(.cancelled), result)
        case .timeout: throw fail(.failed(.timeout(.request, after: call.limits.request ?? .zero)), result)
        }
    }

    /// Waits for the handlers.
    ///
    /// Their time counts against the call's limits unless they have limits of their own.
    private mutating func settle(_ asked: [Asked]) async -> Gathering.Outcome {
        guard client.options.input.pausesLimits else {
            return await Gathering(link: client.link, limit: remaining).run(asked)
        }
        let before = elapsed
        defer { paused += elapsed - before }
        return await Gathering(link: client.link, limit: nil).run(asked)
    }

    /// Lets the user open the URLs that an error names.
    ///
    /// - Returns: Whether the call can be repeated.
    private mutating func openURLs(of refusal: RPCError, _ error: CallError) async throws(CallError) -> Bool {
        guard refusal.errorCode == .urlElicitationRequired, Self.methodsThatAsk.contains(call.method),
            client.revision.profile.meaning(of: .urlElicitationRequired) != nil,
            let pages = refusal.data?["elicitations"]?.array, !pages.isEmpty,
            roundsAsked < client.options.roundLimit
        else { return false }
        roundsAsked += 1
        var asked: [Asked] = []
        for (index, page) in pages.enumerated() {
            let params = JSONText(page)
            guard params["mode"]?.string == ElicitationMode.url.rawValue else { return false }
            do throws(InputObjection) {
                let (kind, handler) = try client.options.input.handler(
                    of: Method.elicitationCreate.rawValue,
                    params,
                    direction: .serverToClient,
                    in: client.revision
                )
                let question = ReceivedInputRequest(
                    kind,
                    origin: .error,
                    key: params["elicitationId"]?.string ?? String(index),
                    params: params,
                    request: error.id,
                    revision: client.revision,
                    round: roundsAsked,
                    index: index,
                    count: pages.count
                )
                asked.append((question, call.onInputRequest ?? handler))
            } catch {
                return false
            }
        }
        switch await settle(asked) {
        case .answered(let results): return results.allSatisfy { $0["action"] == "accept" }
        case .refused: return false
        case .cancelled: throw fail(.failed(.cancelled), error)
        case .timeout: throw fail(.failed(.timeout(.request, after: call.limits.request ?? .zero)), error)
        }
    }

    // MARK: - Failures

    private func invalid(_ reason: String, _ result: CallResult) -> CallError {
        fail(.invalid(reason, result: result.result), result)
    }

    private func fail(_ cause: CallError.Cause, _ result: CallResult) -> CallError {
        CallError(
            cause: cause,
            id: result.id,
            request: result.request,
            elapsed: elapsed,
            requests: result.requests
        )
    }

    private func fail(_ cause: CallError.Cause, _ error: CallError) -> CallError {
        CallError(cause: cause, id: error.id, request: error.request, elapsed: elapsed, requests: error.requests)
    }
}

extension RequestParams {
    /// The parameters of the next round.
    fileprivate func adding(_ answers: [(key: String, result: JSONObject)]?, state: JSONText?) -> RequestParams {
        guard answers != nil || state != nil else { return self }
        var params = self
        params.members.removeAll { ["inputResponses", "requestState"].contains($0.name) }
        if let answers {
            let responses = JSONObject(answers.map { JSONObject.Member(key: $0.key, value: .object($0.result)) })
            params.members.append(("inputResponses", JSONText(.object(responses))))
        }
        if let state { params.members.append(("requestState", state)) }
        return params
    }
}
