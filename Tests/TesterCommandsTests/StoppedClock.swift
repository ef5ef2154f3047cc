import AsyncRuntime
import JSONRPC
import Tester

/// A clock that stands still.
struct StoppedClock: TesterClock {
    var timestamp: String { "2026-01-01T00:00:00Z" }

    let now = ContinuousClock.now

    func schedule(
        at deadline: ContinuousClock.Instant,
        _ action: @escaping @Sendable () -> Void
    ) -> ScheduledAction {
        ScheduledAction {}
    }
}
