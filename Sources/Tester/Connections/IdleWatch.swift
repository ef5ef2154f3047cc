import AsyncRuntime
import JSONRPC
import Synchronization

/// Calls back when something has not been used for some time.
///
/// Uses are frequent, so the deadline is not moved with each: it is set again when it comes too early.
final class IdleWatch: Sendable {
    private struct State {
        var openUses = 0
        var lastUse: ContinuousClock.Instant
        var deadline: ScheduledAction?
        var isStopped = false
    }

    /// The idle timeout.
    let limit: Duration
    private let clock: any Scheduler
    private let onIdle: @Sendable () -> Void
    private let state: Mutex<State>

    init(limit: Duration, clock: any Scheduler, onIdle: @escaping @Sendable () -> Void) {
        self.limit = limit
        self.clock = clock
        self.onIdle = onIdle
        state = Mutex(State(lastUse: clock.now))
        schedule(at: clock.now.advanced(by: limit))
    }

    func beginUse() {
        state.withLock { $0.openUses += 1 }
    }

    func endUse() {
        let now = clock.now
        state.withLock { state in
            state.openUses -= 1
            state.lastUse = now
        }
    }

    /// Stops watching.
    func stop() {
        let deadline = state.withLock { state in
            state.isStopped = true
            defer { state.deadline = nil }
            return state.deadline
        }
        deadline?.cancel()
    }

    private func schedule(at instant: ContinuousClock.Instant) {
        let action = clock.schedule(at: instant) { [weak self] in self?.check() }
        let isStopped = state.withLock { state in
            if !state.isStopped { state.deadline = action }
            return state.isStopped
        }
        if isStopped { action.cancel() }
    }

    private func check() {
        let now = clock.now
        let next: ContinuousClock.Instant? = state.withLock { state in
            guard !state.isStopped else { return nil }
            let due = (state.openUses > 0 ? now : state.lastUse).advanced(by: limit)
            state.isStopped = due <= now
            return due
        }
        guard let next else { return }
        if next <= now { onIdle() } else { schedule(at: next) }
    }
}
