public import JSON

/// A task with its input requests, its result or its error.
///
/// Source: extension `io.modelcontextprotocol/tasks`; 2025-11-25 sends the task alone.
public protocol DetailedTaskView: TaskView {}

extension DetailedTaskView {
    /// The open input requests while the status is `input_required`.
    public var inputRequests: JSONObject? {
        get { self["inputRequests"] }
        set { self["inputRequests"] = newValue }
    }

    /// The result of the request, once the task is completed.
    public var result: JSONObject? {
        get { self["result"] }
        set { self["result"] = newValue }
    }

    /// The error that the request would have returned, once the task has failed.
    public var error: JSONObject? {
        get { self["error"] }
        set { self["error"] = newValue }
    }
}

extension [Member] {
    /// The members that say what a task waits for or how it ended.
    static let taskDetails: [Member] = [
        .optional("inputRequests", .map(.view(InputRequest.self)), since: .v2026_07_28),
        .optional("result", .object, since: .v2026_07_28),
        .optional("error", .object, since: .v2026_07_28),
    ]
}
