import JSONRPC
import MCP

/// An input request with the key that its response repeats.
typealias KeyedInputRequest = (key: String, request: InputRequest)

/// A task at one moment.
struct TaskSnapshot: Sendable {
    /// The task ID, which cannot be guessed.
    let id: String
    /// The only owner that may see the task.
    let owner: StateOwner
    /// The time of creation (ISO 8601).
    let createdAt: String
    /// The time of the last change (ISO 8601).
    var updatedAt: String
    /// The lifetime from creation in milliseconds.
    let lifetime: Int
    /// The recommended polling interval in milliseconds.
    let pollInterval: Int
    /// What the task is doing, or how it ended.
    var phase = Phase.working

    /// The phases of a task.
    enum Phase: Sendable {
        /// The handler runs.
        case working
        /// The handler waits for responses to these input requests. No key occurs twice in a task.
        case inputRequired([KeyedInputRequest])
        /// The task has ended.
        case ended(Outcome)
    }

    /// The ways in which a task ends.
    enum Outcome: Sendable {
        /// The tool returned an output, possibly a failure.
        case output(ToolOutput)
        /// The request failed.
        case error(RPCError)
        /// The task was cancelled.
        case cancelled
    }

    /// The open input requests.
    var inputRequests: [KeyedInputRequest] {
        if case .inputRequired(let requests) = phase { requests } else { [] }
    }
}
