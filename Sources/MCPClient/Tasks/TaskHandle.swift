import AsyncRuntime
public import JSON
public import JSONRPC
public import MCP

/// A call that the server goes on with by itself, as it stood when it was last told.
///
/// Source: 2025-11-25, "Tasks"; extension `io.modelcontextprotocol/tasks`.
public struct TaskHandle: Sendable {
    /// The name of the task.
    public let id: String
    /// How it stands; nothing if the server gave it no status that there is.
    public let status: TaskStatus?
    /// How it stands, for people.
    public let message: String?
    /// How long to wait before asking again, if the server said so.
    public let pollInterval: Duration?
    /// For how long from its creation it is kept; nothing means for ever, or that it was not said.
    public let ttl: Duration?
    /// The task as received.
    public let json: JSONText

    /// Looks at an object as a task, or nothing if it has no name.
    init?(_ text: JSONText) {
        guard let id = text["taskId"]?.string else { return nil }
        self.id = id
        status = text["status"]?.string.flatMap(TaskStatus.init(rawValue:))
        message = text["statusMessage"]?.string
        pollInterval = (text["pollIntervalMs"] ?? text["pollInterval"])?.milliseconds
        ttl = (text["ttlMs"] ?? text["ttl"])?.milliseconds
        json = text
    }

    /// Tells whether it will not change any more.
    public var isOver: Bool { status?.isTerminal ?? false }
}

extension JSONText {
    /// A number of milliseconds, if this is one that a clock can take.
    fileprivate var milliseconds: Duration? {
        guard let number = number?.double, number >= 0, number < 1e15 else { return nil }
        return .milliseconds(Int64(number))
    }
}

/// What came of a call of a tool that may become a task.
public enum ToolOutcome: Sendable {
    /// It is done.
    case complete(CallResult)
    /// The server goes on by itself; the result that said so comes with it.
    case task(TaskHandle, CallResult)
}

/// What came of a task.
public struct TaskOutcome: Sendable {
    /// How a task ends.
    public enum End: Sendable {
        /// With the result of its request, as received.
        case result(JSONText)
        /// With the error that its request would have had.
        case error(RPCError)
        /// It was called off.
        case cancelled
        /// It failed, and the server says no more than the status message does.
        case failed
    }

    /// The task as it was told last.
    public let task: TaskHandle
    /// How it ended.
    public let end: End
}
