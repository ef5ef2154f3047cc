public import JSON
public import JSONRPC
public import MCP

extension Client {
    /// Calls a tool as a task if the revision and the server allow it.
    ///
    /// By 2025-11-25 a task is requested if the server and the tool allow it. By the extension of 2026-07-28 the request
    /// declares tasks and the server decides. Other revisions have no tasks.
    ///
    /// Source: 2025-11-25, "Tasks"; extension `io.modelcontextprotocol/tasks`.
    ///
    /// - Parameters:
    ///   - execution: The `execution` member of the tool in the list of tools.
    ///   - ttl: How long the server should keep the task; 2025-11-25 only.
    /// - Throws: ``CallError``.
    public func startTool(
        _ name: String,
        arguments: JSONText? = nil,
        execution: ToolExecution? = nil,
        ttl: Duration? = nil,
        meta: JSONObject? = nil,
        limits: CallLimits? = nil,
        fields: [(name: String, value: String)] = [],
        force: Bool = false,
        onProgress: ClientLink.ProgressHandler? = nil,
        onInputRequest: InputHandlers.Handler? = nil
    ) async throws(CallError) -> ToolOutcome {
        var params = RequestParams(name: name, arguments: arguments, meta: meta)
        let dialect = TaskDialect(revision)
        if let dialect { params = dialect.requestingTask(params, ttl: ttl, execution: execution, server: capabilities) }
        let result = try await perform(
            Call(
                method: .toolsCall,
                params: params,
                limits: limits ?? options.limits.call,
                fields: fields,
                force: force,
                onProgress: onProgress,
                onInputRequest: onInputRequest,
                declaresTasks: dialect == .ofExtension
            )
        )
        if let task = dialect?.task(createdBy: result.result) { return .task(task, result) }
        guard dialect == .ofExtension, result.result["resultType"]?.string == ResultType.task.rawValue else {
            return .complete(result)
        }
        throw invalid("it is a task without a taskId", result)
    }

    /// Gets the status of a task.
    ///
    /// - Throws: ``CallError``; the code −32602 means that the task does not exist.
    public func task(_ id: String, limits: CallLimits? = nil) async throws(CallError) -> TaskHandle {
        try await getTask(id, limits: limits).task
    }

    /// Requests the cancellation of a task, which may still end in another way.
    ///
    /// - Returns: The status of the task; nil if the revision does not return it.
    /// - Throws: ``CallError``.
    @discardableResult
    public func cancelTask(_ id: String, limits: CallLimits? = nil) async throws(CallError) -> TaskHandle? {
        let result = try await perform(taskCall(.tasksCancel, id, limits: limits))
        return TaskHandle(result.result)
    }

    /// Polls a task until its status is final and returns its outcome.
    ///
    /// The handlers respond to each of its input requests once. Cancelling the Swift task ends the waiting but not the
    /// task of the server; ``cancelTask(_:limits:)`` does that.
    ///
    /// - Parameters:
    ///   - limit: How long to wait in total.
    ///   - onStatus: Called with each status.
    /// - Throws: ``CallError``.
    public func awaitTask(
        _ task: TaskHandle,
        limit: Duration? = nil,
        onStatus: (@Sendable (TaskHandle) -> Void)? = nil,
        onInputRequest: InputHandlers.Handler? = nil
    ) async throws(CallError) -> TaskOutcome {
        var waiting = TaskWaiting(
            client: self,
            limit: limit ?? options.limits.total,
            onStatus: onStatus,
            onInputRequest: onInputRequest
        )
        return try await waiting.run(task)
    }

    // MARK: - Shared with TaskWaiting

    func getTask(_ id: String, limits: CallLimits? = nil) async throws(CallError) -> (
        task: TaskHandle, result: CallResult
    ) {
        let result = try await perform(taskCall(.tasksGet, id, limits: limits))
        guard let task = TaskHandle(result.result) else { throw invalid("it has no taskId", result) }
        if result.result["resultType"]?.string == ResultType.task.rawValue {
            let sentence = "the result of tasks/get has the resultType \"task\" instead of \"complete\""
            link.note(.breach(sentence), exchange: result.id)
        }
        return (task, result)
    }

    func taskCall(
        _ method: Method,
        _ id: String,
        adding members: [(name: String, value: JSONText)] = [],
        limits: CallLimits?,
        onInputRequest: InputHandlers.Handler? = nil
    ) -> Call {
        Call(
            method: method,
            params: RequestParams([("taskId", JSONText(.string(id)))] + members),
            limits: limits ?? options.limits.call,
            onInputRequest: onInputRequest,
            declaresTasks: TaskDialect(revision) == .ofExtension
        )
    }

    func invalid(_ reason: String, _ result: CallResult) -> CallError {
        CallError(
            cause: .invalid(reason, result: result.result),
            id: result.id,
            request: result.request,
            elapsed: result.elapsed,
            requests: result.requests
        )
    }
}
