import TestSupport
import Testing
import TextUtilities

@testable import AsyncRuntime

struct DeadlineHeapTests {
    private let start = Duration.seconds(100)

    private func drain(_ heap: inout DeadlineHeap, at instant: Duration) -> Int {
        var taken = 0
        while let action = heap.takeDue(at: instant) {
            action()
            taken += 1
        }
        return taken
    }

    @Test("Actions come out by deadline, and with equal deadlines in the order they were added")
    func ordersByDeadline() {
        let order = Recorder<Int>()
        var heap = DeadlineHeap()
        for seconds in [5, 1, 4, 1, 3, 2, 5] {
            let position = heap.count
            _ = heap.add(at: start + .seconds(seconds)) { order.append(position) }
        }
        #expect(heap.nearest == start + .seconds(1))
        #expect(drain(&heap, at: start + .seconds(10)) == 7)
        #expect(order.values == [1, 3, 5, 4, 2, 0, 6])
    }

    @Test("Only actions that are due are taken")
    func takesOnlyDueActions() {
        var heap = DeadlineHeap()
        _ = heap.add(at: start + .seconds(1)) {}
        _ = heap.add(at: start + .seconds(2)) {}
        #expect(drain(&heap, at: start + .milliseconds(1500)) == 1)
        #expect(heap.count == 1)
        #expect(heap.nearest == start + .seconds(2))
    }

    @Test("A cancelled action is neither taken nor the nearest deadline")
    func ignoresCancelledActions() {
        var heap = DeadlineHeap()
        let first = heap.add(at: start + .seconds(1)) {}
        _ = heap.add(at: start + .seconds(2)) {}
        heap.cancel(first)
        heap.cancel(first)
        #expect(heap.nearest == start + .seconds(2))
        #expect(drain(&heap, at: start + .seconds(3)) == 1)
        #expect(heap.nearest == nil)
    }

    @Test("Cancelled entries do not pile up")
    func removesCancelledEntries() {
        var heap = DeadlineHeap()
        for _ in 0..<10_000 {
            heap.cancel(heap.add(at: start + .seconds(30)) {})
        }
        #expect(heap.count == 0)
        #expect(heap.footprint <= 65)
    }

    @Test("The heap keeps its order when random actions are cancelled")
    func keepsOrderWhenCancelling() {
        var generator = SystemRandomNumberGenerator()
        var heap = DeadlineHeap()
        let order = Recorder<Int>()
        let ids = (0..<1000).map { _ in
            let offset = Int.random(in: 0..<500, using: &generator)
            return heap.add(at: start + .seconds(offset)) { order.append(offset) }
        }
        for id in ids.shuffled().prefix(700) {
            heap.cancel(id)
        }
        #expect(drain(&heap, at: start + .seconds(1000)) == 300)
        #expect(order.values == order.values.sorted())
    }
}
