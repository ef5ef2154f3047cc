public import AsyncRuntime
import JSONRPC
import Synchronization

/// A scheduler whose time stands still until a test moves it.
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
            // Entries stand in the order in which they were scheduled, and of equals the first is taken.
            guard let index = due.min(by: { entries[$0].deadline < entries[$1].deadline }) else { return nil }
            let entry = entries.remove(at: index)
            now = max(now, entry.deadline)
            return entry
        }
    }

    private let state = Mutex(State())

    private let isEager: Bool

    /// Creates a clock that stands still at some instant.
    ///
    /// - Parameter isEager: Moves the time on to each deadline as soon as there is one, for tests in which waiting is not
    ///   the point.
    public init(isEager: Bool = false) {
        self.isEager = isEager
    }

    /// The instant that the clock was moved to last.
    public var now: ContinuousClock.Instant {
        state.withLock { $0.now }
    }

    /// How many actions wait for their deadline.
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

    /// Moves the time on and runs what has become due, in the order of the deadlines.
    ///
    /// While an action runs, the clock shows that action's deadline; what it schedules is run too if it is due.
    public func advance(by duration: Duration) {
        let end = now.advanced(by: duration)
        while let entry = state.withLock({ $0.takeNext(until: end) }) { entry.action() }
        state.withLock { $0.now = end }
    }
}
