import Platform
import Synchronization

extension PollLoop {
    private static let sharedLoop = Mutex<PollLoop?>(nil)

    /// The loop of this process: the main thread's where ``runMain(_:)`` runs, else one on a thread of its own.
    package static var shared: PollLoop {
        sharedLoop.withLock { shared in
            if let shared {
                return shared
            }
            do {
                let loop = try PollLoop()
                try startThread { _ = loop.runUntilEnded() }
                shared = loop
                return loop
            } catch {
                fatalError("MCPStdio cannot start its event loop: \(error)")
            }
        }
    }

    /// Makes the calling thread, which must be the main one, the shared loop and exits with what `body` returns.
    ///
    /// `body` runs on the loop, its outputs are flushed before the process exits, at most two seconds long. Descriptors
    /// 0 to 2 are opened on `/dev/null` where they are closed, lest a pipe be taken for one of them; SIGPIPE is ignored.
    /// Nothing may wait for the main actor, whose thread this is: it would wait forever.
    package static func runMain(_ body: @escaping @Sendable () async -> Int32) -> Never {
        openMissingStandardDescriptors()
        // Whoever started us may ignore it, and then no child's exit status could be had.
        signal(SIGCHLD, SIG_DFL)
        do {
            let loop = try PollLoop()
            sharedLoop.withLock { shared in
                precondition(shared == nil, "runMain must come before the first use of PollLoop.shared")
                shared = loop
            }
            exit(loop.run(body))
        } catch {
            fatalError("MCPStdio cannot start its event loop: \(error)")
        }
    }

    private static func openMissingStandardDescriptors() {
        for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) == -1 {
            // The lowest free number is taken: this one, as all below it are open by now.
            _ = open("/dev/null", O_RDWR)
        }
    }
}

/// Runs work away from the loop, on the concurrent pool, and waits for it.
///
/// For work that takes longer than a hop: parsing a big payload on the loop would hold up everybody else. Cancelling the
/// caller cancels the task that `work` runs in.
package func offLoop<Result: Sendable>(_ work: @escaping @Sendable () throws -> Result) async throws -> Result {
    try await withTaskExecutorPreference(globalConcurrentExecutor) {
        try work()
    }
}
