public import JSON

/// The result of `tasks/get`: how the task stands and, by the extension, what came of it.
///
/// Source: 2025-11-25, "Tasks"; extension `io.modelcontextprotocol/tasks`.
public struct GetTaskResult: ResultView, TaskView {
    /// The result as received.
    public var json: JSONObject

    /// Looks at an object as a result.
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
        .result(
            .optional("inputRequests", .map(.view(InputRequest.self)), since: .v2026_07_28),
            .optional("result", .object, since: .v2026_07_28),
            .optional("error", .object, since: .v2026_07_28)
        ) + .task
}
