public import JSON

/// The result of a request that became a task.
///
/// Source: 2025-11-25, "Tasks"; extension `io.modelcontextprotocol/tasks`.
public struct CreateTaskResult: ResultView {
    /// The wrapped JSON object.
    public var json: JSONObject

    /// Wraps a JSON object without validating it.
    public init(json: JSONObject) {
        self.json = json
    }

    /// The task: under `task` in 2025-11-25, the result itself in the extension.
    public var task: TaskInfo? {
        self["task"] ?? (json["taskId"] == nil ? nil : TaskInfo(json: json))
    }

    /// The member rules of all revisions.
    public static let members: [Member] =
        .result(.required("task", .view(TaskInfo.self), since: .v2025_11_25, through: .v2025_11_25))
        + .extensionTask
}
