public import JSON

/// The parameters of `notifications/tasks/status` and of the extension’s `notifications/tasks`.
///
/// Source: 2025-11-25, "Tasks"; extension `io.modelcontextprotocol/tasks`.
public struct TaskStatusParams: DetailedTaskView, SubscriptionMessage {
    /// The wrapped JSON object.
    public var json: JSONObject

    /// Wraps a JSON object without validating it.
    public init(json: JSONObject) {
        self.json = json
    }

    /// The member rules of all revisions.
    public static let members: [Member] =
        .notificationParams() + .taskDetails + .task
}
