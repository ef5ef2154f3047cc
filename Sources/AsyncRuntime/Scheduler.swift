/// A source of time that runs actions when their deadline has come.
///
/// One scheduler holds all deadlines of a process in one heap: a sleeping task per call costs more than the call
/// itself. Tests inject a clock of their own.
public protocol Scheduler: Sendable {
    /// The present instant of the clock that deadlines are measured on.
    var now: ContinuousClock.Instant { get }

    /// Runs an action once, at the deadline or soon after, unless it is cancelled before.
    ///
    /// The action must be short and must not block; it may run on any thread.
    func schedule(at deadline: ContinuousClock.Instant, _ action: @escaping @Sendable () -> Void) -> ScheduledAction

    /// Runs a closure that makes tasks ready to go on; one that runs tasks, too, may run those here and now, which saves to wake
    /// its own thread. To be called where nothing is locked.
    func deliver(_ body: () -> Void)
}

extension Scheduler {
    /// Runs the closure; tasks go on where their executors run them.
    public func deliver(_ body: () -> Void) { body() }
}

/// A deadline that can still be called off.
public struct ScheduledAction: Sendable {
    private let onCancel: @Sendable () -> Void

    /// Creates a handle whose cancellation calls the given closure.
    public init(cancel: @escaping @Sendable () -> Void) {
        onCancel = cancel
    }

    /// Calls the action off; without effect once it has run.
    public func cancel() {
        onCancel()
    }
}
