package import MCP
package import Tester

/// What is checked, and what checks may do.
package struct ConformanceOptions: Sendable {
    /// The lowest level that is checked.
    package var level = Check.Level.advice
    /// The ids or rows of the checks that run; empty for all.
    package var only: Set<String> = []
    /// The revisions in which the server is checked; nil for all that it speaks.
    package var revision: Revision?
    /// Whether tools that are not declared read-only are called.
    package var allowsWrites = false
    /// Tools that are never called.
    package var skippedTools: Set<String> = []
    package var samples = Samples()
    /// The response timeout of a request.
    package var limit = Duration.seconds(5)
    /// The response timeout of the first request of a connection, with the start of a process.
    package var openLimit = Duration.seconds(30)
    /// The response timeout of a tool call.
    package var callLimit = Duration.seconds(10)
    /// Receives what is checked next.
    package var onProgress: (@Sendable (_ done: Int, _ total: Int, _ step: String) -> Void)?

    /// The defaults.
    package init() {}

    func includes(_ check: Check) -> Bool {
        check.level >= level && (only.isEmpty || only.contains(check.id) || only.contains(check.row))
    }
}
