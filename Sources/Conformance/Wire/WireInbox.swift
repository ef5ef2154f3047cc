import AsyncRuntime
import JSON
import Synchronization

/// What a wire has received, in order, and who waits for more.
final class WireInbox: Sendable {
    private struct Waiter {
        let id: Int
        let latch: Latch<Bool>
        let isSatisfied: @Sendable ([Exchange.Received], String?) -> Bool
    }

    private struct State {
        var messages: [Exchange.Received] = []
        var waiters: [Waiter] = []
        var end: String?
        var nextID = 0
    }

    private let state = Mutex(State())
    private let clock: any Scheduler

    init(_ clock: any Scheduler) {
        self.clock = clock
    }

    var messages: [Exchange.Received] { state.withLock { $0.messages } }
    var count: Int { state.withLock { $0.messages.count } }
    /// Why nothing more comes; nil while something may.
    var end: String? { state.withLock { $0.end } }

    func put(_ message: Exchange.Received) {
        change { $0.messages.append(message) }
    }

    func close(_ reason: String) {
        change { if $0.end == nil { $0.end = reason } }
    }

    private func change(_ body: (inout State) -> Void) {
        let satisfied = state.withLock { state -> [Waiter] in
            body(&state)
            let done = state.waiters.filter { $0.isSatisfied(state.messages, state.end) }
            if !done.isEmpty { state.waiters.removeAll { waiter in done.contains { $0.id == waiter.id } } }
            return done
        }
        for waiter in satisfied { waiter.latch.open(true) }
    }

    /// Waits until a condition holds or nothing more comes.
    ///
    /// - Returns: False if the limit passed first.
    func wait(within limit: Duration, until condition: @escaping @Sendable ([Exchange.Received]) -> Bool) async -> Bool
    {
        let latch = Latch<Bool>()
        let isSatisfied: @Sendable ([Exchange.Received], String?) -> Bool = { $1 != nil || condition($0) }
        let id = state.withLock { state -> Int in
            state.nextID += 1
            if isSatisfied(state.messages, state.end) {
                latch.open(true)
            } else {
                state.waiters.append(Waiter(id: state.nextID, latch: latch, isSatisfied: isSatisfied))
            }
            return state.nextID
        }
        let deadline = clock.schedule(at: clock.now.advanced(by: limit)) { latch.open(false) }
        let isInTime = await latch.waitUnlessCancelled() ?? false
        deadline.cancel()
        if !isInTime { state.withLock { $0.waiters.removeAll { $0.id == id } } }
        return isInTime
    }
}
