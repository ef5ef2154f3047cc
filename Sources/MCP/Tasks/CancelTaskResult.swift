public import JSON

/// The result of `tasks/cancel`: the task by 2025-11-25, nothing by the extension.
///
/// Source: 2025-11-25, "Tasks"; extension `io.modelcontextprotocol/tasks`.
public struct CancelTaskResult: ResultView, TaskView {
    /// The wrapped JSON object.
    public var json: JSONObject

    /// Wraps a JSON object without validating it.
    public init(json: JSONObject) {
        self.json = json
    }

    /// The member rules of all revisions.
    public static let members: [Member] = .result() + .coreTask
}
