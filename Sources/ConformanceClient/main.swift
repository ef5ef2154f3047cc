import AsyncRuntime
import MCPStdio

// The client that the official conformance suite starts once per scenario. It is not installed.
PollLoop.runMain {
    do {
        let assignment = try Assignment.current()
        try await assignment.scenario.run(assignment)
        return 0
    } catch {
        Journal.note("\(error)")
        return error is Assignment.Misuse ? 2 : 1
    }
}
