public import JSON

/// The result of `tasks/get`: how the task stands and, by the extension, what came of it.
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
