public import JSON

/// The result of `tasks/cancel`: the task by 2025-11-25, nothing by the extension.
///
/// Source: 2025-11-25, "Tasks"; extension `io.modelcontextprotocol/tasks`.
public struct CancelTaskResult: ResultView, TaskView {
    /// The result as received.
    public var json: JSONObject

    /// Looks at an object as a result.
    public init(json: JSONObject) {
        self.json = json
    }

    /// What the schemas say.
    public static let members: [Member] = .result() + .coreTask
}
