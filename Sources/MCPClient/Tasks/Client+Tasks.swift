public import JSON
public import JSONRPC
public import MCP

extension Client {
    /// Calls a tool and lets the server make a task of it.
    ///
    /// By 2025-11-25 that is wished for where the server and the tool allow it, by the extension of 2026-07-28 it is
    /// declared with this request and the server decides. Other revisions have no tasks: the call is a plain one.
    ///
    /// Source: 2025-11-25, "Tasks"; extension `io.modelcontextprotocol/tasks`.
    ///
    /// - Parameters:
    ///   - execution: What the list of tools says about the tool.
    ///   - ttl: For how long the task is to be kept; 2025-11-25 only.
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
        var params = RequestParams([("name", JSONText(.string(name)))], meta: meta)
        if let arguments { params.members.append(("arguments", arguments)) }
        let dialect = TaskDialect(revision)
        if let dialect { params = dialect.wish(params, ttl: ttl, execution: execution, server: capabilities) }
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

    /// Asks how a task stands.
    ///
    /// - Throws: ``CallError``; a server says by the code −32602 that there is no such task.
    public func task(_ id: String, limits: CallLimits? = nil) async throws(CallError) -> TaskHandle {
        try await getTask(id, limits: limits).task
    }

    /// Asks the server to call a task off; it may end otherwise all the same.
    ///
    /// - Returns: How the task stands, where the revision tells it.
    /// - Throws: ``CallError``.
    @discardableResult
    public func cancelTask(_ id: String, limits: CallLimits? = nil) async throws(CallError) -> TaskHandle? {
        let result = try await perform(taskCall(.tasksCancel, id, limits: limits))
        return TaskHandle(result.result)
    }

    /// Waits until a task is over, asking as often as its poll interval says, and gives what came of it.
    ///
    /// Its questions are answered by the handlers, each once. Cancelling the Swift task ends the waiting, not the task
    /// of the server: ``cancelTask(_:limits:)`` does.
    ///
    /// - Parameters:
    ///   - limit: How long to wait in all.
    ///   - onStatus: Gets the task whenever it was asked for.
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

    // MARK: - Shared with the waiting

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
