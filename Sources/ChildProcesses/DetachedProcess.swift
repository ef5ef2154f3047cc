import AsyncRuntime
import Platform

/// A process that is started and then left alone, such as the user's browser: it may outlive us.
public enum DetachedProcess {
    /// Starts a program in a session of its own, without input, and with its output discarded.
    ///
    /// Running the program `setsid` as a ``ChildProcess`` would not do: it forks and exits before its child has left the
    /// process group, which is killed at that moment.
    ///
    /// - Throws: ``SpawnFailure`` if the program cannot be started.
    public static func start(_ command: ChildProcess.Command) async throws(SpawnFailure) {
        let started = Latch<Result<Void, SpawnFailure>>()
        do {
            // A thread of its own, because the start may block, and because someone must reap the process.
            try startThread(stackSize: 256 << 10) { run(command, started) }
        } catch {
            throw SpawnFailure(error)
        }
        try await started.wait().get()
    }

    private static func run(_ command: ChildProcess.Command, _ started: Latch<Result<Void, SpawnFailure>>) {
        do throws(SpawnFailure) {
            let processID = try SpawnedChild.startDetached(command)
            started.open(.success(()))
            while waitpid(processID, nil, 0) == -1, errno == EINTR {}
        } catch {
            started.open(.failure(error))
        }
    }
}
