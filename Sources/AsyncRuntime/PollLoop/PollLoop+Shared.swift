import Platform
import Synchronization

extension PollLoop {
    private static let sharedLoop = Mutex<PollLoop?>(nil)

    /// The shared loop, if it exists already.
    static var existingShared: PollLoop? { sharedLoop.withLock(\.self) }

    /// The loop of this process: the main thread's if ``runMain(_:)`` runs, otherwise one on a thread of its own.
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
                fatalError("Cannot start the poll loop: \(error)")
            }
        }
    }

    /// Runs the shared loop on the calling thread, which must be the main one, and exits with what `body` returns.
    ///
    /// `body` runs on the loop. Its outputs are flushed before the process exits, for at most two seconds. Descriptors 0
    /// to 2 are opened on `/dev/null` if they are closed, so that no pipe takes their numbers. SIGPIPE is ignored.
    /// Nothing may wait for the main actor: its thread runs the loop and never serves it.
    ///
    /// If the process cannot even start, it says why on standard error and exits with status 3.
    package static func runMain(_ body: @escaping @Sendable () async -> Int32) -> Never {
        openMissingStandardDescriptors()
        if let limit = openFileLimit(), limit < fewestOpenFiles {
            let advice = "Raise it, for example with `ulimit -n 1024`."
            refuseToStart("the limit of open files is \(limit), but at least \(fewestOpenFiles) are needed. \(advice)")
        }
        // Our parent may ignore it, and then no child's exit status could be read.
        signal(SIGCHLD, SIG_DFL)
        let loop: PollLoop
        do {
            loop = try PollLoop()
        } catch {
            refuseToStart("\(error).")
        }
        sharedLoop.withLock { shared in
            precondition(shared == nil, "runMain must come before the first use of PollLoop.shared")
            shared = loop
        }
        exit(loop.run(body))
    }

    /// What the loop, the standard streams, one child and an HTTP client need, with room for a few connections.
    private static let fewestOpenFiles = 48

    private static func refuseToStart(_ reason: String) -> Never {
        let line = "Error: cannot start: \(reason)\n"
        _ = Array(line.utf8).withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
        exit(3)
    }

    private static func openMissingStandardDescriptors() {
        for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) == -1 {
            // The lowest free number is taken: this one, because all below it are open by now.
            _ = open("/dev/null", O_RDWR)
        }
    }
}

/// Runs work away from the loop, on the concurrent pool, and waits for it.
///
/// For work that takes longer than a hop: parsing a big payload on the loop would hold up everything else. Cancelling
/// the caller cancels the task that `work` runs in.
package func offLoop<Result: Sendable>(_ work: @escaping @Sendable () throws -> Result) async throws -> Result {
    try await withTaskExecutorPreference(globalConcurrentExecutor) {
        try work()
    }
}
