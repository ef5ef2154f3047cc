public import JSON

/// The result of a request that became a task.
///
/// Source: 2025-11-25, "Tasks"; extension `io.modelcontextprotocol/tasks`.
public struct CreateTaskResult: ResultView {
    /// The result as received.
    public var json: JSONObject

    /// Looks at an object as a result.
    public init(json: JSONObject) {
        self.json = json
    }

    /// The task: 2025-11-25 puts it under `task`, the extension into the result itself.
    public var task: TaskInfo? {
        self["task"] ?? (json["taskId"] == nil ? nil : TaskInfo(json: json))
    }

    /// What the schemas say.
    public static let members: [Member] =
        .result(.required("task", .view(TaskInfo.self), since: .v2025_11_25, through: .v2025_11_25))
        + .extensionTask
}
