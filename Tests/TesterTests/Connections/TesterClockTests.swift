import AsyncRuntime
import JSONRPC
import Synchronization
import Tester
import Testing

/// The clock of the program leaves everything to the scheduler underneath.
struct TesterClockTests {
    private final class Underneath: Scheduler {
        let delivered = Mutex(0)

        var now: ContinuousClock.Instant { .now }

        func schedule(
            at deadline: ContinuousClock.Instant,
            _ action: @escaping @Sendable () -> Void
        ) -> ScheduledAction {
            ScheduledAction {}
        }

        func deliver(_ body: () -> Void) {
            delivered.withLock { $0 += 1 }
            body()
        }
    }

    @Test func whatIsDeliveredGoesToTheSchedulerOnce() {
        let underneath = Underneath()
        var runs = 0
        SystemTesterClock(underneath).deliver { runs += 1 }
        #expect(runs == 1)
        #expect(underneath.delivered.withLock { $0 } == 1)
    }
}
