import JSON
import JSONRPC
import MCP

// A task in the words of the two protocols that have tasks, which differ in names, places and in what a failure is.
// Source: 2025-11-25, "Tasks"; extension `io.modelcontextprotocol/tasks`.

extension TaskSnapshot {
    /// How it stands: a tool's failure is a result by the extension and a failed task by 2025-11-25.
    func status(in revision: Revision) -> TaskStatus {
        switch ending {
        case .output(let output): output.isError && revision.has(.tasks) ? .failed : .completed
        case .error: .failed
        case .cancelled: .cancelled
        case nil: questions.isEmpty ? .working : .inputRequired
        }
    }

    /// The task without what came of it.
    func info(in revision: Revision) -> TaskInfo {
        var info = TaskInfo(json: [:])
        info.taskID = id
        info.status = status(in: revision)
        info.statusMessage = statusMessage
        info.createdAt = createdAt
        info.lastUpdatedAt = updatedAt
        if revision.has(.tasks) {
            info.ttl = lifetime
            info.pollInterval = pollInterval
        } else {
            info.ttlMs = lifetime
            info.pollIntervalMs = pollInterval
        }
        return info
    }

    private var statusMessage: String? {
        switch ending {
        case .error(let error): error.message
        case .cancelled: "The task was called off."
        case .output: nil
        case nil: questions.isEmpty ? nil : "The task waits for input."
        }
    }

    /// The answer to the request that became the task.
    func creation(in revision: Revision) -> CreateTaskResult {
        let info = info(in: revision)
        if revision.has(.tasks) { return CreateTaskResult(json: ["task": info.jsonValue]) }
        var result = CreateTaskResult(json: info.json)
        result.resultType = .task
        return result
    }

    /// The answer to `tasks/get`.
    func details(in revision: Revision) -> GetTaskResult {
        GetTaskResult(json: detailedJSON(in: revision))
    }

    /// The parameters of a notification.
    func statusParams(in revision: Revision) -> TaskStatusParams {
        TaskStatusParams(json: detailedJSON(in: revision))
    }

    private func detailedJSON(in revision: Revision) -> JSONObject {
        var json = info(in: revision).json
        if !questions.isEmpty {
            let members = questions.map { JSONObject.Member(key: $0.key, value: $0.request.jsonValue) }
            json["inputRequests"] = .object(JSONObject(members))
        }
        switch ending {
        case .output(let output): json["result"] = .object(output.object(in: revision))
        case .error(let error): json["error"] = .object(error.json)
        case .cancelled, nil: break
        }
        return json
    }
}
