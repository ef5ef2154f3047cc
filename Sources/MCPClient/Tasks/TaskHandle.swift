import AsyncRuntime
public import JSON
public import JSONRPC
public import MCP

/// A call that the server continues as a task, with the status that it reported last.
///
/// Source: 2025-11-25, "Tasks"; extension `io.modelcontextprotocol/tasks`.
public struct TaskHandle: Sendable {
    /// The id of the task.
    public let id: String
    /// The status; nil if the server gave none or an unknown one.
    public let status: TaskStatus?
    /// The status in the server's words.
    public let message: String?
    /// How long to wait before the next request for the status, if the server said so.
    public let pollInterval: Duration?
    /// How long the server keeps it after its creation; nil means forever, or that the server did not say.
    public let ttl: Duration?
    /// The task as received.
    public let json: JSONText

    /// Reads a task; nil if the object has no task id.
    init?(_ text: JSONText) {
        guard let id = text["taskId"]?.string else { return nil }
        self.id = id
        status = text["status"]?.string.flatMap(TaskStatus.init(rawValue:))
        message = text["statusMessage"]?.string
        pollInterval = (text["pollIntervalMs"] ?? text["pollInterval"])?.milliseconds
        ttl = (text["ttlMs"] ?? text["ttl"])?.milliseconds
        json = text
    }

    /// Whether the status is final.
    public var isOver: Bool { status?.isTerminal ?? false }
}

extension JSONText {
    /// The number of milliseconds as a duration; nil if it is negative or too large.
    fileprivate var milliseconds: Duration? {
        guard let number = number?.double, number >= 0, number < 1e15 else { return nil }
        return .milliseconds(Int64(number))
    }
}

/// The outcome of a tool call that may become a task.
public enum ToolOutcome: Sendable {
    /// The call is complete.
    case complete(CallResult)
    /// The call became a task; the result that said so comes with it.
    case task(TaskHandle, CallResult)
}

/// The outcome of a task.
public struct TaskOutcome: Sendable {
    /// How a task ends.
    public enum End: Sendable {
        /// With the result of its call, as received.
        case result(JSONText)
        /// With the error of its call.
        case error(RPCError)
        /// It was cancelled.
        case cancelled
        /// It failed without an error; only the status message can say why.
        case failed
    }

    /// The task as reported last.
    public let task: TaskHandle
    /// How it ended.
    public let end: End
}
