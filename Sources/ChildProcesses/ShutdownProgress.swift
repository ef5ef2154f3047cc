import AsyncRuntime

/// The steps of a shutdown so far.
struct ShutdownProgress {
    /// The deadline of the next step.
    var timer: ScheduledAction?

    private var finished: [ExitReport.Step] = []
    private var current: (action: ExitReport.Cause, since: ContinuousClock.Instant)?

    mutating func begin(_ action: ExitReport.Cause, at instant: ContinuousClock.Instant) {
        finished = steps(until: instant)
        current = (action, instant)
    }

    /// The steps so far, if the last one ended at the given instant.
    func steps(until instant: ContinuousClock.Instant) -> [ExitReport.Step] {
        guard let current else { return [] }
        return finished + [ExitReport.Step(action: current.action, duration: instant - current.since)]
    }
}
