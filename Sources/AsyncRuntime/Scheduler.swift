/// A source of time that runs actions when their deadline has come.
///
/// One scheduler holds all deadlines of a process in one heap, because a sleeping task per call costs more than the
/// call itself. Tests inject a clock of their own.
public protocol Scheduler: Sendable {
    /// The present instant of the clock that deadlines are measured on.
    var now: ContinuousClock.Instant { get }

    /// Runs an action once, at the deadline or soon after, unless it is cancelled before.
    ///
    /// The action must be short and must not block. It may run on any thread.
    func schedule(at deadline: ContinuousClock.Instant, _ action: @escaping @Sendable () -> Void) -> ScheduledAction
}

/// An action that waits for its deadline and can be cancelled.
public struct ScheduledAction: Sendable {
    private let onCancel: @Sendable () -> Void

    /// Creates a handle whose cancellation calls the given closure.
    public init(cancel: @escaping @Sendable () -> Void) {
        onCancel = cancel
    }

    /// Cancels the action; has no effect once it has run.
    public func cancel() {
        onCancel()
    }
}
