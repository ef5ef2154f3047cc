import AsyncRuntime
import JSON
import JSONRPC
import MCP

/// Waits for the end of a task and answers what it asks meanwhile.
struct TaskWaiting {
    let client: Client
    /// How long to wait in all.
    let limit: Duration?
    let onStatus: (@Sendable (TaskHandle) -> Void)?
    let onInputRequest: InputHandlers.Handler?
    private let began: ContinuousClock.Instant
    /// The keys of the questions that were answered: the server tells them until it has seen the answers.
    private var answered: Set<String> = []

    /// How long to wait where the server does not say.
    private static let defaultInterval = Duration.seconds(1)
    /// How long to wait at least: a server that says 0 is not to be hammered.
    private static let shortestInterval = Duration.milliseconds(20)

    init(
        client: Client,
        limit: Duration?,
        onStatus: (@Sendable (TaskHandle) -> Void)?,
        onInputRequest: InputHandlers.Handler?
    ) {
        self.client = client
        self.limit = limit
        self.onStatus = onStatus
        self.onInputRequest = onInputRequest
        began = client.link.scheduler.now
    }

    mutating func run(_ task: TaskHandle) async throws(CallError) -> TaskOutcome {
        let isCore = TaskDialect(client.revision) == .core
        var interval = task.pollInterval ?? Self.defaultInterval
        while true {
            let (task, result) = try await client.getTask(task.id, limits: limits)
            onStatus?(task)
            if isCore, task.isOver || task.status == .inputRequired { return try await fetchResult(of: task) }
            if task.isOver { return TaskOutcome(task: task, end: end(of: task)) }
            if task.status == .inputRequired { try await answer(task, result) }
            interval = task.pollInterval ?? interval
            try await pause(max(interval, Self.shortestInterval), after: result)
        }
    }

    private var remaining: Duration? {
        limit.map { max($0 - began.duration(to: client.link.scheduler.now), .zero) }
    }

    private var limits: CallLimits {
        let own = client.options.limits.call
        return CallLimits(request: [own.request, remaining].compactMap(\.self).min(), idle: own.idle)
    }

    private func pause(_ interval: Duration, after result: CallResult) async throws(CallError) {
        if let remaining, remaining <= interval {
            await client.link.scheduler.wait(for: remaining)
            throw fail(.failed(Task.isCancelled ? .cancelled : .timeout(.total, after: limit ?? .zero)), result)
        }
        await client.link.scheduler.wait(for: interval)
        if Task.isCancelled { throw fail(.failed(.cancelled), result) }
    }

    // MARK: - 2025-11-25

    /// The request that waits for the result; the server asks live while it waits.
    private func fetchResult(of task: TaskHandle) async throws(CallError) -> TaskOutcome {
        if task.status == .cancelled { return TaskOutcome(task: task, end: .cancelled) }
        let call = client.taskCall(
            .tasksResult,
            task.id,
            // It may wait long, and says nothing meanwhile.
            limits: CallLimits(request: remaining),
            onInputRequest: onInputRequest
        )
        do throws(CallError) {
            let result = try await client.perform(call)
            return TaskOutcome(task: task.isOver ? task : try await last(task), end: .result(result.result))
        } catch {
            guard case .rejected(let refusal) = error.cause else { throw error }
            let last = task.isOver ? task : try await last(task)
            return TaskOutcome(task: last, end: last.status == .cancelled ? .cancelled : .error(refusal))
        }
    }

    private func last(_ task: TaskHandle) async throws(CallError) -> TaskHandle {
        let last = try await client.getTask(task.id, limits: limits).task
        onStatus?(last)
        return last
    }

    // MARK: - The extension

    private func end(of task: TaskHandle) -> TaskOutcome.End {
        if task.status == .cancelled { return .cancelled }
        if let result = task.json["result"], result.kind == .object { return .result(result) }
        if let error = task.json["error"], let code = error["code"]?.number?.int64 {
            return .error(
                RPCError(
                    code: Int(clamping: code),
                    message: error["message"]?.string ?? "",
                    data: error["data"]?.value()
                )
            )
        }
        return .failed
    }

    private mutating func answer(_ task: TaskHandle, _ result: CallResult) async throws(CallError) {
        let open = (task.json["inputRequests"]?.members ?? []).filter { !answered.contains($0.key) }
        guard !open.isEmpty else { return }
        var asked: [(question: ReceivedInputRequest, handler: InputHandlers.Handler)] = []
        for (index, member) in open.enumerated() {
            do throws(InputObjection) {
                guard let method = member.text["method"]?.string else { throw .malformed("it has no method") }
                let params = member.text["params"]
                let (kind, handler) = try client.options.input.handler(
                    of: method,
                    params,
                    going: .inResult,
                    in: client.revision
                )
                let question = ReceivedInputRequest(
                    kind,
                    way: .task(task.id),
                    key: member.key,
                    params: params,
                    request: result.id,
                    revision: client.revision,
                    index: index,
                    count: open.count
                )
                asked.append((question, onInputRequest ?? handler))
            } catch {
                let failure = InputFailure.objection(error, key: member.key)
                client.link.note(.breach(failure.description), exchange: result.id)
                throw fail(.input(failure, result: result.result), result)
            }
        }
        let answers: [JSONObject]
        switch await Gathering(link: client.link, limit: remaining).run(asked) {
        case .answered(let results): answers = results
        case .refused(let question, let refusal):
            throw fail(.input(.refused(question, refusal), result: result.result), result)
        case .cancelled: throw fail(.failed(.cancelled), result)
        case .timeout: throw fail(.failed(.timeout(.total, after: limit ?? .zero)), result)
        }
        let members = zip(asked, answers).map { JSONObject.Member(key: $0.question.key, value: .object($1)) }
        answered.formUnion(members.map(\.key))
        let update = client.taskCall(
            .tasksUpdate,
            task.id,
            adding: [("inputResponses", JSONText(.object(JSONObject(members))))],
            limits: limits
        )
        _ = try await client.perform(update)
    }

    private func fail(_ cause: CallError.Cause, _ result: CallResult) -> CallError {
        CallError(
            cause: cause,
            id: result.id,
            request: result.request,
            elapsed: began.duration(to: client.link.scheduler.now),
            requests: [result.id]
        )
    }
}
