import JSON
import MCP

/// How a revision expresses tasks.
enum TaskDialect {
    /// The client requests a task, and another request waits for its result. Source: 2025-11-25, "Tasks".
    case core
    /// The server decides, and the task carries its result. Source: extension `io.modelcontextprotocol/tasks`.
    case ofExtension

    init?(_ revision: Revision) {
        if revision.has(.tasks) {
            self = .core
        } else if revision.profile.allows(.tasksGet, .clientToServer, with: [.tasks]) {
            self = .ofExtension
        } else {
            return nil
        }
    }

    /// The parameters of a call that may become a task.
    ///
    /// By 2025-11-25 a task is requested only if the server and the tool allow it.
    func requestingTask(
        _ params: RequestParams,
        ttl: Duration?,
        execution: ToolExecution?,
        server: ServerCapabilities
    ) -> RequestParams {
        guard self == .core, server.has(.tasksToolsCall),
            ["optional", "required"].contains(execution?.taskSupport)
        else { return params }
        var metadata = TaskMetadata()
        metadata.ttl = ttl.map { Int(clamping: Int64($0 / .milliseconds(1))) }
        var params = params
        params.members.append(("task", JSONText(.object(metadata.json))))
        return params
    }

    /// The task that the result of a call describes; nil if it describes none.
    func task(createdBy result: JSONText) -> TaskHandle? {
        switch self {
        case .core: result["task"].flatMap(TaskHandle.init)
        case .ofExtension: result["resultType"]?.string == ResultType.task.rawValue ? TaskHandle(result) : nil
        }
    }
}
