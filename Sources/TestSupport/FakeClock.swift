public import AsyncRuntime
import JSONRPC
import Synchronization

/// A scheduler whose time moves only when a test moves it.
public final class FakeClock: Scheduler {
    private struct Entry {
        let serial: Int
        let deadline: ContinuousClock.Instant
        let action: @Sendable () -> Void
    }

    private struct State {
        var now = ContinuousClock.now
        var lastSerial = 0
        var entries: [Entry] = []

        mutating func takeNext(until end: ContinuousClock.Instant) -> Entry? {
            let due = entries.indices.filter { entries[$0].deadline <= end }
            // Entries are in the order in which they were scheduled; the first of equals is taken.
            guard let index = due.min(by: { entries[$0].deadline < entries[$1].deadline }) else { return nil }
            let entry = entries.remove(at: index)
            now = max(now, entry.deadline)
            return entry
        }
    }

    private let state = Mutex(State())

    private let isEager: Bool

    /// Creates a clock that is stopped.
    ///
    /// - Parameter isEager: Moves the time to each deadline as soon as it is scheduled, for tests that are not about
    ///   waiting.
    public init(isEager: Bool = false) {
        self.isEager = isEager
    }

    /// The current instant.
    public var now: ContinuousClock.Instant {
        state.withLock { $0.now }
    }

    /// The number of scheduled actions.
    public var pendingCount: Int {
        state.withLock { $0.entries.count }
    }

    /// Keeps an action until the clock is moved to its deadline or beyond.
    public func schedule(
        at deadline: ContinuousClock.Instant,
        _ action: @escaping @Sendable () -> Void
    ) -> ScheduledAction {
        let serial = state.withLock { state in
            state.lastSerial += 1
            state.entries.append(Entry(serial: state.lastSerial, deadline: deadline, action: action))
            return state.lastSerial
        }
        if isEager { advance(by: max(.zero, now.duration(to: deadline))) }
        return ScheduledAction { [weak self] in
            self?.state.withLock { $0.entries.removeAll { $0.serial == serial } }
        }
    }

    /// Moves the time and runs due actions in the order of their deadlines.
    ///
    /// While an action runs, the clock shows its deadline. Actions that it schedules run too if they are due.
    public func advance(by duration: Duration) {
        let end = now.advanced(by: duration)
        while let entry = state.withLock({ $0.takeNext(until: end) }) { entry.action() }
        state.withLock { $0.now = end }
    }
}
