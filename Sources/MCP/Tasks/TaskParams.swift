public import JSON

/// The parameters of `tasks/get`, `tasks/result` and `tasks/cancel`.
///
/// Source: 2025-11-25, "Tasks"; extension `io.modelcontextprotocol/tasks`.
public struct TaskParams: ParamsView {
    /// The parameters as received.
    public var json: JSONObject

    /// Looks at an object as parameters.
    public init(json: JSONObject) {
        self.json = json
    }

    /// Names a task.
    public init(taskID: String) {
        self.init(json: [:])
        self.taskID = taskID
    }

    /// Which task.
    public var taskID: String? {
        get { self["taskId"] }
        set { self["taskId"] = newValue }
    }

    /// What the schemas say.
    public static let members: [Member] = .params(
        .required("taskId", .string)
    )
}
