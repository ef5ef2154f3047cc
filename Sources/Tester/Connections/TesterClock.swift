public import AsyncRuntime
import JSONRPC
import MCPTransport
import TextUtilities

/// A scheduler that also knows the date.
public protocol TesterClock: Scheduler {
    /// The current date and time in UTC as ISO 8601.
    var timestamp: String { get }
}

/// The system clock over a scheduler.
public struct SystemTesterClock: TesterClock {
    private let scheduler: any Scheduler

    /// Creates a clock that uses the scheduler for deadlines.
    public init(_ scheduler: any Scheduler) {
        self.scheduler = scheduler
    }

    /// The current instant.
    public var now: ContinuousClock.Instant { scheduler.now }

    /// Runs an action at a deadline.
    public func schedule(
        at deadline: ContinuousClock.Instant,
        _ action: @escaping @Sendable () -> Void
    ) -> ScheduledAction {
        scheduler.schedule(at: deadline, action)
    }

    /// The current date and time.
    public var timestamp: String { Timestamp.now }
}
