import AsyncRuntime
import JSONRPC
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(15)))
struct SchedulerWaitTests {
    private let clock = FakeClock()

    @Test("A wait ends when its time has passed")
    func waitEndsInTime() async {
        let clock = clock
        async let waited: ContinuousClock.Instant = {
            await clock.wait(for: .seconds(2))
            return clock.now
        }()
        let began = clock.now
        while clock.pendingCount == 0 { await Task.yield() }
        clock.advance(by: .seconds(1))
        #expect(clock.pendingCount == 1)
        clock.advance(by: .seconds(1))
        #expect(await began.duration(to: waited) == .seconds(2))
    }

    @Test("A wait ends when its task is cancelled, and leaves no deadline behind")
    func cancellationEndsWait() async {
        let clock = clock
        let task = Task { await clock.wait(for: .seconds(2)) }
        while clock.pendingCount == 0 { await Task.yield() }
        task.cancel()
        await task.value
        #expect(clock.pendingCount == 0)
    }
}
