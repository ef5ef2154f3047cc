import AsyncRuntime
import ChildProcesses
import Platform

/// The child process of an ``HTTPPeer``, which ends at the latest when it is released.
final class SpawnedServer: Sendable {
    private let child: ChildProcess
    /// The first line of its output, empty if it exits first.
    private let line = Latch<String>()

    init(_ command: [String]) async throws {
        child = try await ChildProcess.spawn(
            ChildProcess.Command(executable: command[0], arguments: Array(command.dropFirst())),
            handlers: ChildProcess.Handlers(
                line: { [line] in line.open($0.text) },
                outputEnd: { [line] in line.open("") }
            )
        )
    }

    deinit {
        end()
    }

    /// Kills its group, and waits until it has exited.
    func end() {
        guard child.exitReport == nil else { return }
        kill(-child.processID, SIGKILL)
        var information = siginfo_t()
        // It is reaped elsewhere; if that has happened, this returns at once.
        while waitid(P_PID, id_t(child.processID), &information, WEXITED | WNOWAIT) != 0, errno == EINTR {}
    }

    /// The first line of its output without the line feed, empty if it exits first.
    func firstLine() async -> String {
        await line.wait()
    }

    /// The end of what it wrote to its standard error.
    var errors: [String] { child.stderrTail().lines.map(\.text) }
}
