public import JSON

/// The parameters of `notifications/tasks/status` and of the extension’s `notifications/tasks`.
///
/// Source: 2025-11-25, "Tasks"; extension `io.modelcontextprotocol/tasks`.
public struct TaskStatusParams: TaskView, SubscriptionMessage {
    /// The parameters as received.
    public var json: JSONObject

    /// Looks at an object as parameters.
    public init(json: JSONObject) {
        self.json = json
    }

    /// What the task asks for while it waits for input.
    public var inputRequests: JSONObject? {
        get { self["inputRequests"] }
        set { self["inputRequests"] = newValue }
    }

    /// The result of the request, once the task is completed.
    public var result: JSONObject? {
        get { self["result"] }
        set { self["result"] = newValue }
    }

    /// The error that the request would have had, once the task has failed.
    public var error: JSONObject? {
        get { self["error"] }
        set { self["error"] = newValue }
    }

    /// What the schemas say.
    public static let members: [Member] =
        .notificationParams(
            .optional("inputRequests", .map(.view(InputRequest.self)), since: .v2026_07_28),
            .optional("result", .object, since: .v2026_07_28),
            .optional("error", .object, since: .v2026_07_28)
        ) + .task
}
