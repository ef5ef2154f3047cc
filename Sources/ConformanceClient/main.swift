import AsyncRuntime
import MCPStdio

// The client that the official conformance suite starts, once for each scenario; it is not installed.
PollLoop.runMain {
    do {
        let assignment = try Assignment.current()
        try await assignment.scenario.play(assignment)
        return 0
    } catch {
        Journal.note("\(error)")
        return error is Assignment.Misuse ? 2 : 1
    }
}
