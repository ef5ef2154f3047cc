public import JSON

/// A task; the name `Task` is taken in Swift.
///
/// Source: 2025-11-25, "Tasks"; extension `io.modelcontextprotocol/tasks`.
public struct TaskInfo: TaskView {
    /// The task as received.
    public var json: JSONObject

    /// Looks at an object as a task.
    public init(json: JSONObject) {
        self.json = json
    }

    /// What the schemas say.
    public static let members: [Member] = .task
}
