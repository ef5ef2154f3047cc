import JSON
import JSONRPC
import MCP

// The two protocols with tasks differ in member names and places, and in what counts as a failure.
// Source: 2025-11-25, "Tasks"; extension `io.modelcontextprotocol/tasks`.

extension TaskSnapshot {
    /// The status.
    ///
    /// A tool failure is a result in the extension, but a failed task in 2025-11-25.
    func status(in revision: Revision) -> TaskStatus {
        switch phase {
        case .working: .working
        case .inputRequired: .inputRequired
        case .ended(.output(let output)): output.isError && revision.has(.tasks) ? .failed : .completed
        case .ended(.error): .failed
        case .ended(.cancelled): .cancelled
        }
    }

    /// The task without its outcome.
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
        switch phase {
        case .working, .ended(.output): nil
        case .inputRequired: "The task waits for input."
        case .ended(.error(let error)): error.message
        case .ended(.cancelled): "The task was cancelled."
        }
    }

    /// The result of the request that became the task.
    func creation(in revision: Revision) -> CreateTaskResult {
        let info = info(in: revision)
        if revision.has(.tasks) { return CreateTaskResult(json: ["task": info.jsonValue]) }
        var result = CreateTaskResult(json: info.json)
        result.resultType = .task
        return result
    }

    /// The result of `tasks/get`.
    func details(in revision: Revision) -> GetTaskResult {
        GetTaskResult(json: detailedJSON(in: revision))
    }

    /// The parameters of a status notification.
    func statusParams(in revision: Revision) -> TaskStatusParams {
        TaskStatusParams(json: detailedJSON(in: revision))
    }

    private func detailedJSON(in revision: Revision) -> JSONObject {
        var json = info(in: revision).json
        switch phase {
        case .inputRequired(let requests):
            let members = requests.map { JSONObject.Member(key: $0.key, value: $0.request.jsonValue) }
            json["inputRequests"] = .object(JSONObject(members))
        case .ended(.output(let output)): json["result"] = .object(output.object(in: revision))
        case .ended(.error(let error)): json["error"] = .object(error.json)
        case .working, .ended(.cancelled): break
        }
        return json
    }
}
