import Platform
import Synchronization

extension PollLoop {
    /// Whether the loop's thread waits and no other thread runs its work.
    var isAsleep: Bool { shared.withLock { $0.runner == .noThread } }

    /// Runs `body`, and then the work that it added to the loop, on the calling thread if the loop is asleep.
    ///
    /// This is for another event loop of the process that delivers a response to a task of this one. To wake this loop's
    /// thread for it costs more than the rest of the call. If the loop is awake or another thread has its turn, `body`
    /// just runs and the loop does its work as usual. Events of descriptors and due timers always wait for the loop's
    /// own thread, which waits for the end of the turn.
    ///
    /// The caller must hold no lock, because `body` resumes tasks and they run before this returns.
    package func takeTurn(_ body: () -> Void) {
        let hasRun =
            isCurrent || !isAsleep
            ? nil
            : turn.withLockIfAvailable { _ in
                let isFree = shared.withLock { shared in
                    guard shared.runner == .noThread else { return false }
                    shared.runner = .otherThread
                    return true
                }
                if isFree { runTurn(body) }
                return isFree
            }
        if hasRun != true { body() }
    }

    private func runTurn(_ body: () -> Void) {
        runningThread.store(currentThread(), ordering: .relaxed)
        body()
        runWork()
        runFlushes()
        let isUnfinished = !confined.flushes.isEmpty || confined.watches.hasChanged || confined.exitCode != nil
        runningThread.store(0, ordering: .relaxed)
        let mustWake = shared.withLock { shared in
            precondition(shared.runner == .otherThread, "Only the thread that has the turn can give it back.")
            shared.runner = .noThread
            guard isUnfinished || !shared.work.isEmpty || shared.mustWakeForDeadline else { return false }
            return shared.needsWake()
        }
        if mustWake { wake() }
    }

    /// Runs `body` as ``takeTurn(_:)`` of the shared loop does, or by itself if there is no shared loop.
    package static func takeTurn(_ body: () -> Void) {
        if let loop = existingShared { loop.takeTurn(body) } else { body() }
    }
}
