import JSON
import MCP

/// How a revision speaks of tasks: two codecs for one face.
enum TaskDialect {
    /// The client wishes for a task, and a request waits for its result. Source: 2025-11-25, "Tasks".
    case core
    /// The server decides, and the task itself brings its result. Source: extension `io.modelcontextprotocol/tasks`.
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
    /// By 2025-11-25 only where the server and the tool allow it.
    func wish(
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

    /// The task that a result of a call is, if it is one.
    func task(createdBy result: JSONText) -> TaskHandle? {
        switch self {
        case .core: result["task"].flatMap(TaskHandle.init)
        case .ofExtension: result["resultType"]?.string == ResultType.task.rawValue ? TaskHandle(result) : nil
        }
    }
}
