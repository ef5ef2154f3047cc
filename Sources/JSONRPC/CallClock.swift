/// The time that one request has used, measured against its limits.
///
/// While the peer waits for input from us because of the request, its idle time stands still. Its total time stands still
/// only if the suspension says so.
struct CallClock {
    private let limits: CallLimits
    private let sent: ContinuousClock.Instant
    /// When the request was sent, moved forward by the time for which its total time stood still.
    private var start: ContinuousClock.Instant
    private var lastActivity: ContinuousClock.Instant
    private var suspensions = 0
    /// Since when the total time stands still, if it does.
    private var totalSuspendedSince: ContinuousClock.Instant?

    init(_ limits: CallLimits, sentAt now: ContinuousClock.Instant) {
        self.limits = limits
        sent = now
        start = now
        lastActivity = now
    }

    /// The time since the request was sent.
    func elapsed(at now: ContinuousClock.Instant) -> Duration {
        sent.duration(to: now)
    }

    /// Restarts the idle time.
    mutating func noteActivity(at now: ContinuousClock.Instant) {
        lastActivity = now
    }

    /// Stops the idle time until ``resume(at:)``; suspensions are counted.
    mutating func suspend(includingTotal: Bool, at now: ContinuousClock.Instant) {
        suspensions += 1
        if includingTotal, totalSuspendedSince == nil { totalSuspendedSince = now }
    }

    /// Ends one suspension; after the last one the idle time starts over.
    mutating func resume(at now: ContinuousClock.Instant) {
        guard suspensions > 0 else { return }
        suspensions -= 1
        lastActivity = now
        if suspensions == 0, let since = totalSuspendedSince {
            start = start.advanced(by: since.duration(to: now))
            totalSuspendedSince = nil
        }
    }

    /// When the next limit is reached, or nil if none is running.
    var deadline: ContinuousClock.Instant? {
        let total = totalSuspendedSince == nil ? limits.request.map { start.advanced(by: $0) } : nil
        let idle = suspensions > 0 ? nil : limits.idle.map { lastActivity.advanced(by: $0) }
        guard let total, let idle else { return total ?? idle }
        return min(total, idle)
    }

    /// The limit that has been reached, or nil.
    func failure(at now: ContinuousClock.Instant) -> CallFailure? {
        if totalSuspendedSince != nil { return nil }
        if let limit = limits.request, start.advanced(by: limit) <= now { return .timeout(.request, after: limit) }
        if suspensions > 0 { return nil }
        if let limit = limits.idle, lastActivity.advanced(by: limit) <= now { return .timeout(.idle, after: limit) }
        return nil
    }
}
