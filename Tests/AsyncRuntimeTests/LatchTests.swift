import AsyncRuntime
import Synchronization
import Testing

struct LatchTests {
    @Test("A latch that is open returns its value at once")
    func openLatchReturnsItsValue() async {
        let latch = Latch<Int>()
        #expect(latch.value == nil)
        #expect(latch.open(7))
        #expect(latch.value == 7)
        #expect(await latch.wait() == 7)
        #expect(await latch.waitUnlessCancelled() == 7)
    }

    @Test("Only the first value counts")
    func laterOpensAreIgnored() async {
        let latch = Latch<Int>()
        #expect(latch.open(1))
        #expect(!latch.open(2))
        #expect(await latch.wait() == 1)
    }

    @Test("Opening a latch resumes every task that waits")
    func openingResumesEveryWaiter() async {
        let latch = Latch<Int>()
        let values = await withTaskGroup(of: Int?.self) { group in
            for index in 0..<50 {
                group.addTask { index.isMultiple(of: 2) ? await latch.wait() : await latch.waitUnlessCancelled() }
            }
            group.addTask { latch.open(3) ? 3 : nil }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(values == Array(repeating: 3, count: 51))
    }

    @Test("A cancelled task stops waiting, and the others go on")
    func cancellationEndsOneWait() async {
        let latch = Latch<Int>()
        let patient = Task { await latch.waitUnlessCancelled() }
        let cancelled = Task { await latch.waitUnlessCancelled() }
        cancelled.cancel()
        #expect(await cancelled.value == nil)
        latch.open(5)
        #expect(await patient.value == 5)
    }

    @Test("A task that is already cancelled does not wait")
    func cancelledTaskDoesNotWait() async {
        let latch = Latch<Int>()
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return await latch.waitUnlessCancelled()
        }
        #expect(await task.value == nil)
    }

    @Test("Cancellation and opening at the same moment resume a task exactly once")
    func cancellationRacesWithOpening() async {
        for _ in 0..<500 {
            let latch = Latch<Int>()
            let waiter = Task { await latch.waitUnlessCancelled() }
            async let opened = Task { latch.open(1) }.value
            waiter.cancel()
            let value = await waiter.value
            #expect(value == nil || value == 1)
            #expect(await opened)
        }
    }

    @Test("A wait without a cancellation ignores that its task is cancelled")
    func plainWaitIgnoresCancellation() async {
        let latch = Latch<Int>()
        let waiter = Task { await latch.wait() }
        waiter.cancel()
        latch.open(9)
        #expect(await waiter.value == 9)
    }
}
