import AsyncRuntime

/// Where a shutdown stands: the step that was taken last and those before it.
struct ShutdownProgress {
    let grace: ChildProcess.Grace
    /// The deadline of the next step.
    var timer: ScheduledAction?

    private var finished: [ExitReport.Step] = []
    private var current: (action: ExitReport.Ending, since: ContinuousClock.Instant)?

    init(grace: ChildProcess.Grace) {
        self.grace = grace
    }

    mutating func begin(_ action: ExitReport.Ending, at instant: ContinuousClock.Instant) {
        finished = steps(until: instant)
        current = (action, instant)
    }

    /// The steps so far, where the last one ended at the given instant.
    func steps(until instant: ContinuousClock.Instant) -> [ExitReport.Step] {
        guard let current else { return [] }
        return finished + [ExitReport.Step(action: current.action, duration: instant - current.since)]
    }
}
