import JSONRPC
import MCP

/// How a task stands at one moment.
struct TaskSnapshot: Sendable {
    /// Its name, which nobody can guess.
    let id: String
    /// Who may know of it.
    let owner: StateOwner
    /// When it began, as ISO 8601.
    let createdAt: String
    /// When it changed last, as ISO 8601.
    var updatedAt: String
    /// How long it is kept from its beginning, in milliseconds.
    let lifetime: Int
    /// How often to look at it, in milliseconds.
    let pollInterval: Int
    /// What it waits for, by keys that were never used before in this task.
    var questions: [(key: String, request: InputRequest)] = []
    /// What came of it.
    var ending: Ending?
    /// How often it has changed.
    var version = 0

    /// How a task ends.
    enum Ending: Sendable {
        /// The tool has something to say, if only that it failed.
        case output(ToolOutput)
        /// The request failed.
        case error(RPCError)
        /// It was called off.
        case cancelled
    }
}
