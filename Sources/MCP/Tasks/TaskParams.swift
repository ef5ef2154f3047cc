public import JSON

/// The parameters of `tasks/get`, `tasks/result` and `tasks/cancel`.
///
/// Source: 2025-11-25, "Tasks"; extension `io.modelcontextprotocol/tasks`.
public struct TaskParams: TaskReferenceParams {
    /// The wrapped JSON object.
    public var json: JSONObject

    /// Wraps a JSON object without validating it.
    public init(json: JSONObject) {
        self.json = json
    }

    /// Creates parameters that name a task.
    public init(taskID: String) {
        self.init(json: [:])
        self.taskID = taskID
    }

    /// The member rules of all revisions.
    public static let members: [Member] = .params(
        .required("taskId", .string)
    )
}
