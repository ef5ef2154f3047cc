public import AsyncRuntime
import JSONRPC
import MCPTransport
import TextUtilities

/// The time as the tester needs it: deadlines to wait for and the date for answers.
public protocol TesterClock: Scheduler {
    /// The date and time now in Coordinated Universal Time, as ISO 8601 writes it.
    var timestamp: String { get }
}

/// The clock of the system over a scheduler.
public struct SystemTesterClock: TesterClock {
    private let scheduler: any Scheduler

    /// Creates a clock that leaves deadlines to the scheduler.
    public init(_ scheduler: any Scheduler) {
        self.scheduler = scheduler
    }

    /// The present instant.
    public var now: ContinuousClock.Instant { scheduler.now }

    /// Runs an action at a deadline.
    public func schedule(
        at deadline: ContinuousClock.Instant,
        _ action: @escaping @Sendable () -> Void
    ) -> ScheduledAction {
        scheduler.schedule(at: deadline, action)
    }

    /// The date and time now.
    public var timestamp: String { Timestamp.now }
}
