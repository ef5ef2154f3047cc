import ChildProcesses
import Foundation
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(5)))
struct DetachedProcessTests {
    /// What a browser's launcher does: it starts the browser and exits.
    @Test
    func programThatALauncherLeavesBehindKeepsRunning() async throws {
        let folder = try TemporaryFolder()
        let pipe = folder.path("pipe")
        #expect(mkfifo(pipe, 0o600) == 0)
        // It writes after the launcher has been reaped, which is when the group of a child would have been killed.
        let script = """
            (while kill -0 $$ 2>/dev/null; do :; done; echo survived > "$1") &
            """
        try await DetachedProcess.start(
            ChildProcess.Command(executable: "sh", arguments: ["-c", script, "launcher", pipe])
        )
        let reader = try await ObservedChild.start(.init(executable: "cat", arguments: [pipe]))
        #expect(await reader.process.waitForExit().status == .exited(code: 0))
        #expect(reader.lines.values.map(\.text) == ["survived"])
    }

    @Test
    func programThatDoesNotExistIsAFailure() async throws {
        await #expect(throws: SpawnFailure.self) {
            try await DetachedProcess.start(ChildProcess.Command(executable: "no-such-browser"))
        }
    }
}
