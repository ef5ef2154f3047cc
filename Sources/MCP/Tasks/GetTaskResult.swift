public import JSON

/// The result of `tasks/get`: the task and, in the extension, its outcome.
///
/// Source: 2025-11-25, "Tasks"; extension `io.modelcontextprotocol/tasks`.
public struct GetTaskResult: ResultView, DetailedTaskView {
    /// The wrapped JSON object.
    public var json: JSONObject

    /// Wraps a JSON object without validating it.
    public init(json: JSONObject) {
        self.json = json
    }

    /// The member rules of all revisions.
    public static let members: [Member] =
        .result() + .taskDetails + .task
}
