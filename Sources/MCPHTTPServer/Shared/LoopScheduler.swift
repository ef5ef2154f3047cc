import AsyncRuntime
import NIOCore

/// A scheduler whose actions run on the event loop of the server.
struct LoopScheduler: Sendable {
    let base: any Scheduler
    let loop: any EventLoop

    var now: ContinuousClock.Instant { base.now }

    /// Runs an action on the loop at the deadline.
    ///
    /// An action that is due may still run after it was cancelled.
    func schedule(at deadline: ContinuousClock.Instant, _ action: @escaping () -> Void) -> ScheduledAction {
        let action = NIOLoopBound(action, eventLoop: loop)
        return base.schedule(at: deadline) {
            action.eventLoop.execute { action.value() }
        }
    }
}
