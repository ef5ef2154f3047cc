import AsyncRuntime
import JSON
import JSONRPC
import MCP

/// Waits for the end of a task and responds to its input requests.
struct TaskWaiting {
    let client: Client
    /// How long to wait in total; nil means no limit.
    let limit: Duration?
    let onStatus: (@Sendable (TaskHandle) -> Void)?
    let onInputRequest: InputHandlers.Handler?
    private let began: ContinuousClock.Instant
    /// The keys of answered input requests, which the server repeats until it has received the responses.
    private var answered: Set<String> = []

    /// The poll interval if the server gives none.
    private static let defaultInterval = Duration.seconds(1)
    /// The minimum poll interval, for servers that say 0.
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
            if task.status == .inputRequired { try await respond(to: task, result) }
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

    /// Sends the request that waits for the result; the server sends its input requests meanwhile.
    private func fetchResult(of task: TaskHandle) async throws(CallError) -> TaskOutcome {
        if task.status == .cancelled { return TaskOutcome(task: task, end: .cancelled) }
        let call = client.taskCall(
            .tasksResult,
            task.id,
            // It may take long without any progress.
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

    private mutating func respond(to task: TaskHandle, _ result: CallResult) async throws(CallError) {
        let open = (task.json["inputRequests"]?.members ?? []).filter { !answered.contains($0.key) }
        guard !open.isEmpty else { return }
        let received = ReceivedInputRequests(members: open, origin: .task(task.id), request: result.id)
        let requests: [HandledInputRequest]
        do throws(InputFailure) {
            requests = try received.resolve(for: client, handler: onInputRequest)
        } catch {
            throw fail(.input(error, result: result.result), result)
        }
        let responses: [JSONObject]
        switch await Gathering(link: client.link, limit: remaining).run(requests) {
        case .answered(let results): responses = results
        case .refused(let request, let refusal):
            throw fail(.input(.refused(request, refusal), result: result.result), result)
        case .cancelled: throw fail(.failed(.cancelled), result)
        case .timeout: throw fail(.failed(.timeout(.total, after: limit ?? .zero)), result)
        }
        let members = zip(requests, responses).map { JSONObject.Member(key: $0.request.key, value: .object($1)) }
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
