import AsyncRuntime
import JSON
import JSONRPC
import MCP

extension Routes {
    /// Serves tasks.
    ///
    /// Clients of the extension poll with `tasks/get` and provide input with `tasks/update`. Clients of 2025-11-25 wait with
    /// `tasks/result` and receive input requests meanwhile.
    mutating func addTasks(of server: Server, in store: TaskStore) {
        on(.tasksGet) { (params: TaskParams, context) in
            let task = try store.task(params.checkedTaskID(), of: context.owner)
            return .complete(.view(task.snapshot.details(in: context.revision)))
        }
        on(.tasksUpdate) { (params: UpdateTaskParams, context) in
            let task = try store.task(params.checkedTaskID(), of: context.owner)
            guard let responses = params.inputResponses else {
                throw RPCError.invalidParams("`inputResponses` must be an object")
            }
            try task.respond(responses)
            return .complete(.view(EmptyResult()))
        }
        on(.tasksCancel) { (params: TaskParams, context) in
            let task = try store.task(params.checkedTaskID(), of: context.owner)
            let wasRunning = task.end(.cancelled)
            guard context.revision.has(.tasks) else { return .complete(.view(EmptyResult())) }
            guard wasRunning else { throw RPCError.invalidParams("the task has already ended") }
            return .complete(.view(CancelTaskResult(json: task.snapshot.info(in: context.revision).json)))
        }
        on(.tasksList) { (params: PaginatedParams, context) in
            let page = try server.page(store.all(of: context.owner), from: params.checkedCursor())
            let tasks = page.items.map { $0.info(in: context.revision) }
            return .complete(.view(ListTasksResult(items: tasks, nextCursor: page.next)))
        }
        on(.tasksResult) { (params: TaskParams, context) in
            try await .complete(.tool(store.task(params.checkedTaskID(), of: context.owner).result(context)))
        }
    }
}

extension ServerTask {
    /// Waits for the outcome of the task, and sends its input requests to the client meanwhile.
    ///
    /// Source: 2025-11-25, "Tasks", result retrieval and input required status.
    fileprivate func result(_ context: RequestContext) async throws -> ToolOutput {
        let related: JSONObject = [MetaKey.relatedTask.rawValue: ["taskId": .string(snapshot.id)]]
        while true {
            switch nextResultStep() {
            case .finish(.output(var output)):
                var meta = output.meta ?? [:]
                meta.members += related.members
                output.meta = meta
                return output
            case .finish(.error(let error)): throw error
            case .finish(.cancelled): throw RPCError.invalidParams("the task was cancelled and has no result")
            case .send(let requests): try await send(requests, context, related)
            case .wait(let change):
                await change.waitUnlessCancelled()
                try Task.checkCancellation()
            }
        }
    }

    private func send(_ requests: [KeyedInputRequest], _ context: RequestContext, _ meta: JSONObject) async throws {
        do {
            try respond(try await HandlerRunner(context: context).send(requests, meta: meta).responses)
        } catch let error as RPCError {
            // The client rejected an input request.
            end(.error(error))
        } catch {
            // This request has ended; another one may send the input requests.
            releaseInputRequests()
            throw error
        }
    }
}

extension TaskReferenceParams {
    /// The task ID, checked to be a string.
    fileprivate func checkedTaskID() throws(RPCError) -> String {
        guard let taskID else { throw .invalidParams("`taskId` must be a string") }
        return taskID
    }
}
