import AsyncRuntime
import JSON
import JSONRPC
import MCP
import MCPClient

extension TesterSession {
    /// An action on a task.
    public enum TaskAction: String, Sendable, CaseIterable {
        /// Get its status.
        case get
        /// Wait for its result.
        case wait
        /// Request its cancellation.
        case cancel
    }

    /// Calls a tool and lets the target turn the call into a task.
    func startTool(
        _ tool: String,
        arguments: JSONText?,
        with options: CallOptions,
        as mode: TaskMode
    ) async -> Report {
        await call(.tool(tool), with: options) { operation, pending in
            operation.connection.count { $0.toolsCalled += 1 }
            let call = ToolCall(tool: tool, arguments: arguments, operation: operation)
            do throws(CallError) {
                // In 2025-11-25 the list says which tools can run as tasks.
                if operation.client.revision.has(.tasks) {
                    await operation.connection.listToolsIfNeeded()
                }
                let listed = operation.connection.surface(.tools)?.item(tool)?["execution"]?.value().object
                let outcome = try await operation.client.startTool(
                    tool,
                    arguments: arguments ?? JSONText([:]),
                    execution: listed.map(ToolExecution.init(json:)),
                    limits: options.limits?.call,
                    onProgress: pending.onProgress,
                    onInputRequest: pending.respond
                )
                switch outcome {
                case .complete(let result):
                    var report = await call.report(result)
                    report.findings.append(
                        .init(.usage, "The server did not create a task; it returned the result directly.")
                    )
                    return report
                case .task(let task, let result):
                    operation.connection.keepTask(task.id, tool: tool, arguments: arguments)
                    guard mode == .wait else {
                        var report = call.report(task, of: result.requests)
                        // Every report of a tool's call has this key.
                        report.insert("tool_call", .value(.null))
                        return report
                    }
                    return try await call.wait(for: task, pending, of: result.requests)
                }
            } catch {
                return await call.report(error)
            }
        }
    }

    /// Gets the status of a task, waits for its result, or cancels it.
    public func task(_ action: TaskAction, _ id: String, with options: CallOptions = CallOptions()) async -> Report {
        await call(.task(id), with: options) { operation, pending in
            let known = operation.connection.task(id)
            let call = ToolCall(tool: known?.tool ?? "", arguments: known?.arguments, operation: operation)
            do throws(CallError) {
                switch action {
                case .get: return call.report(try await operation.client.task(id, limits: options.limits?.call), of: [])
                case .wait:
                    let task = try await operation.client.task(id, limits: options.limits?.call)
                    return try await call.wait(for: task, pending, of: [])
                case .cancel:
                    let task = try await operation.client.cancelTask(id, limits: options.limits?.call)
                    var report = operation.report("cancellation of task \"\(id)\" requested")
                    report.add("task", task.map { .payload($0.json) } ?? .value(["taskId": .string(id)]))
                    report.add("metadata", .object(operation.metadata))
                    return report
                }
            } catch {
                let failure = operation.failure(
                    error,
                    during: "tasks/\(action == .wait ? "get" : action.rawValue) \"\(id)\""
                )
                return operation.report(failure, emptyPayload: ("task", nil))
            }
        }
    }
}

extension ToolCall {
    /// The report on a task that runs.
    func report(_ task: TaskHandle, of requests: [RequestID]) -> Report {
        let status = task.json["status"]?.string ?? "of unknown status"
        var report = operation.report("task \"\(task.id)\" is \(status)")
        report.add("task", .payload(task.json))
        report.addEvents(since: operation, of: requests)
        if !task.isOver {
            report.nextStep = "Use the tool `task` with this taskId to wait for it or to cancel it."
        }
        report.add("metadata", .object(operation.metadataWithStatistics))
        return report
    }

    /// Waits for a task, whose result is that of the call.
    func wait(
        for task: TaskHandle,
        _ pending: PendingCall,
        of requests: [RequestID]
    ) async throws(CallError) -> Report {
        let outcome = try await operation.client.awaitTask(task, onInputRequest: pending.respond)
        let elapsed = operation.duration
        let id = requests.last ?? 0
        var report: Report
        switch outcome.end {
        case .result(let result): report = await self.report(CallResult(ofTask: result, id: id, elapsed: elapsed))
        case .error(let error):
            report = await self.report(CallError(cause: .rejected(error), id: id, request: [], elapsed: elapsed))
        case .cancelled:
            report = fail(.cancelled, "The task \"\(task.id)\" was cancelled.", "Call the tool again.")
        case .failed:
            let reason = outcome.task.message.map { ": \($0)" } ?? ""
            report = fail(
                .toolError,
                "The task \"\(task.id)\" failed without an error\(reason).",
                "Give failed tasks an error, or a result with isError."
            )
        }
        report.add("task", .payload(outcome.task.json))
        return report
    }

    private func fail(_ failureClass: FailureClass, _ message: String, _ nextStep: String) -> Report {
        operation.report(
            Failure(failureClass, .executionError, message, nextStep: nextStep),
            emptyPayload: ("tool_call", nil)
        )
    }
}
