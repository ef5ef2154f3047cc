import AsyncRuntime
import JSON
import JSONRPC
import MCP
import MCPClient

/// What is wanted of a call that the target makes a task of.
public enum TaskMode: String, Sendable, CaseIterable {
    /// Its result, as of any call.
    case wait
    /// Its name, by which the task is asked for later.
    case handle
}

extension TesterSession {
    /// What can be done with a task.
    public enum TaskAction: String, Sendable, CaseIterable {
        /// Ask how it stands.
        case get
        /// Wait for its result.
        case wait
        /// Ask the target to call it off.
        case cancel
    }

    /// Calls a tool and lets the target make a task of it.
    func startTool(
        _ tool: String,
        arguments: JSONText?,
        with options: CallOptions,
        wishing wish: TaskMode
    ) async -> Report {
        await call("tool \"\(tool)\"", "tool_call", with: options) { question, pending in
            question.connection.count { $0.toolsCalled += 1 }
            let call = ToolCall(tool: tool, arguments: arguments, question: question)
            do throws(CallError) {
                // By 2025-11-25 the list says which tools may become tasks.
                if question.client.revision.has(.tasks) {
                    _ = await ToolChecks(question.connection, tool: tool).listIfNeeded()
                }
                let listed = question.connection.surface(.tools)?.item(tool)?["execution"]?.value().object
                let outcome = try await question.client.startTool(
                    tool,
                    arguments: arguments ?? JSONText([:]),
                    execution: listed.map(ToolExecution.init(json:)),
                    limits: options.limits?.call,
                    onProgress: pending.onProgress,
                    onInputRequest: pending.answer
                )
                switch outcome {
                case .complete(let result):
                    var answer = await call.answer(result)
                    answer.findings.append(.init(.usage, "The server made no task of the call, and answered at once."))
                    return answer
                case .task(let task, let result):
                    question.connection.keepTask(task.id, tool: tool, arguments: arguments)
                    guard wish == .wait else { return call.answer(task, of: result.requests) }
                    return try await call.wait(for: task, pending, of: result.requests)
                }
            } catch {
                return await call.answer(error)
            }
        }
    }

    /// Asks after a task of a target, waits for it, or has it called off.
    public func task(_ action: TaskAction, _ id: String, with options: CallOptions = CallOptions()) async -> Report {
        await call("task \"\(id)\"", "task", with: options) { question, pending in
            let known = question.connection.task(id)
            let call = ToolCall(tool: known?.tool ?? "", arguments: known?.arguments, question: question)
            do throws(CallError) {
                switch action {
                case .get: return call.answer(try await question.client.task(id, limits: options.limits?.call), of: [])
                case .wait:
                    let task = try await question.client.task(id, limits: options.limits?.call)
                    return try await call.wait(for: task, pending, of: [])
                case .cancel:
                    let task = try await question.client.cancelTask(id, limits: options.limits?.call)
                    var answer = question.answer("the server was asked to call task \"\(id)\" off")
                    answer.add("task", task.map { .payload($0.json) } ?? .value(["taskId": .string(id)]))
                    answer.add("metadata", .object(question.metadata))
                    return answer
                }
            } catch {
                let failure = question.failure(
                    error,
                    asking: "tasks/\(action == .wait ? "get" : action.rawValue) \"\(id)\""
                )
                return question.answer(failure, emptyPayload: ("task", nil))
            }
        }
    }
}

extension ToolCall {
    /// The task itself is the answer.
    func answer(_ task: TaskHandle, of requests: [RequestID]) -> Report {
        let status = task.json["status"]?.string ?? "of unknown status"
        var answer = question.answer("task \"\(task.id)\" is \(status)")
        answer.add("task", .payload(task.json))
        answer.addEvents(since: question, of: requests)
        if !task.isOver {
            answer.add("next_step", .string("Use the tool task with this taskId to wait for it or cancel it."))
        }
        answer.add("metadata", .object(question.metadataWithStatistics))
        return answer
    }

    /// Waits for the end of a task: its result is that of the call.
    func wait(
        for task: TaskHandle,
        _ pending: PendingCall,
        of requests: [RequestID]
    ) async throws(CallError) -> Report {
        let outcome = try await question.client.awaitTask(task, onInputRequest: pending.answer)
        let elapsed = question.began.duration(to: question.connection.clock.now)
        let id = requests.last ?? 0
        var answer: Report
        switch outcome.end {
        case .result(let result): answer = await self.answer(CallResult(ofTask: result, id: id, elapsed: elapsed))
        case .error(let error):
            answer = await self.answer(CallError(cause: .rejected(error), id: id, request: [], elapsed: elapsed))
        case .cancelled:
            answer = fail(.cancelled, "The task \"\(task.id)\" was called off.", "Call the tool again.")
        case .failed:
            let reason = outcome.task.message.map { ": \($0)" } ?? ""
            answer = fail(
                .toolError,
                "The task \"\(task.id)\" failed\(reason), and the server does not say with which error.",
                "Give failed tasks an error, or a result with isError."
            )
        }
        answer.add("task", .payload(outcome.task.json))
        return answer
    }

    private func fail(_ failureClass: FailureClass, _ message: String, _ nextStep: String) -> Report {
        question.answer(
            Failure(failureClass, .executionError, message, nextStep: nextStep),
            emptyPayload: ("tool_call", nil)
        )
    }
}
