import JSON
import JSONRPC
import MCP

extension Routes {
    /// Serves tasks: the extension polls with `tasks/get` and answers with `tasks/update`, 2025-11-25 waits with
    /// `tasks/result` and is asked by requests while it waits.
    mutating func addTasks(of server: Server, in store: TaskStore) {
        on(.tasksGet) { (params: TaskParams, context) in
            let task = try store.task(params.checkedTaskID(), of: context.owner)
            return .complete(.view(task.snapshot.details(in: context.revision)))
        }
        on(.tasksUpdate) { (params: UpdateTaskParams, context) in
            let task = try store.task(params.checkedTaskID(), of: context.owner)
            guard let responses = params.inputResponses else {
                throw RPCError.invalidParams("\"inputResponses\" must be an object")
            }
            try task.answer(responses)
            return .complete(.view(EmptyResult()))
        }
        on(.tasksCancel) { (params: TaskParams, context) in
            let task = try store.task(params.checkedTaskID(), of: context.owner)
            let wasRunning = task.end(.cancelled)
            guard context.revision.has(.tasks) else { return .complete(.view(EmptyResult())) }
            guard wasRunning else { throw RPCError.invalidParams("the task has ended already") }
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
    /// Waits for what comes of the task, asking the client meanwhile what the work wants to know.
    ///
    /// Source: 2025-11-25, "Tasks", result retrieval and input required status.
    fileprivate func result(_ context: RequestContext) async throws -> ToolOutput {
        let related: JSONObject = [MetaKey.relatedTask.rawValue: ["taskId": .string(snapshot.id)]]
        while true {
            let snapshot = snapshot
            switch snapshot.ending {
            case .output(var output):
                var meta = output.meta ?? [:]
                meta.members += related.members
                output.meta = meta
                return output
            case .error(let error): throw error
            case .cancelled: throw RPCError.invalidParams("the task was called off and has no result")
            case nil: break
            }
            let questions = takeQuestions()
            if questions.isEmpty {
                await changed(since: snapshot.version)
                try Task.checkCancellation()
            } else {
                try await ask(questions, context, related)
            }
        }
    }

    private func ask(
        _ questions: [(key: String, request: InputRequest)],
        _ context: RequestContext,
        _ meta: JSONObject
    ) async throws {
        do {
            try answer(try await InputBridge(context: context).ask(questions, meta: meta))
        } catch let error as RPCError {
            // The client has answered, if only that it will not.
            end(.error(error))
        } catch {
            // This request is over; another one may ask.
            returnQuestions()
            throw error
        }
    }
}

extension TaskParams {
    func checkedTaskID() throws(RPCError) -> String {
        try taskID.orRefused()
    }
}

extension UpdateTaskParams {
    func checkedTaskID() throws(RPCError) -> String {
        try taskID.orRefused()
    }
}

extension String? {
    fileprivate func orRefused() throws(RPCError) -> String {
        guard let self else { throw .invalidParams("\"taskId\" must be a string") }
        return self
    }
}
