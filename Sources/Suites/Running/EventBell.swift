import AsyncRuntime
import Synchronization

/// Wakes the tasks that wait for an event of a connection.
final class EventBell: Sendable {
    private let waiters = Mutex<[Latch<Void>]>([])

    /// Called for every event, on any thread.
    func ring() {
        let latches = waiters.withLock { waiters in
            defer { waiters = [] }
            return waiters
        }
        for latch in latches { latch.open() }
    }

    /// A latch that the next event opens.
    func next() -> Latch<Void> {
        let latch = Latch<Void>()
        waiters.withLock { $0.append(latch) }
        return latch
    }
}
