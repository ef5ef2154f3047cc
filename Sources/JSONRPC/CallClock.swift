/// The time that one request has used, measured against its limits.
///
/// While the peer waits for input from us because of the request, its idle time stands still. Its total time stands still
/// only if the suspension says so.
struct CallClock {
    private let limits: CallLimits
    private let sent: ContinuousClock.Instant
    // The others are times since the request was sent, because comparing those is cheap.
    /// The time for which the total time stood still.
    private var totalSuspended = Duration.zero
    private var lastActivity = Duration.zero
    private var suspensions = 0
    /// Since when the total time stands still, if it does.
    private var totalSuspendedSince: Duration?

    init(_ limits: CallLimits, sentAt now: ContinuousClock.Instant) {
        self.limits = limits
        sent = now
    }

    /// The time since the request was sent.
    func elapsed(at now: ContinuousClock.Instant) -> Duration {
        sent.duration(to: now)
    }

    /// The time since the request was sent without that for which the total time stood still: what the peer needed.
    func used(at now: ContinuousClock.Instant) -> Duration {
        let elapsed = elapsed(at: now)
        return elapsed - totalSuspended - (totalSuspendedSince.map { elapsed - $0 } ?? .zero)
    }

    /// Restarts the idle time.
    mutating func noteActivity(at now: ContinuousClock.Instant) {
        lastActivity = elapsed(at: now)
    }

    /// Stops the idle time until ``resume(at:)``; suspensions are counted.
    mutating func suspend(includingTotal: Bool, at now: ContinuousClock.Instant) {
        suspensions += 1
        if includingTotal, totalSuspendedSince == nil { totalSuspendedSince = elapsed(at: now) }
    }

    /// Ends one suspension; after the last one the idle time starts over.
    mutating func resume(at now: ContinuousClock.Instant) {
        guard suspensions > 0 else { return }
        suspensions -= 1
        lastActivity = elapsed(at: now)
        if suspensions == 0, let since = totalSuspendedSince {
            totalSuspended += lastActivity - since
            totalSuspendedSince = nil
        }
    }

    /// When the next limit is reached, or nil if none is running.
    var deadline: ContinuousClock.Instant? {
        let total = totalSuspendedSince == nil ? limits.request.map { totalSuspended + $0 } : nil
        let idle = suspensions > 0 ? nil : limits.idle.map { lastActivity + $0 }
        guard let total, let idle else { return (total ?? idle).map { sent.advanced(by: $0) } }
        return sent.advanced(by: min(total, idle))
    }

    /// The limit that has been reached, or nil.
    func failure(at now: ContinuousClock.Instant) -> CallFailure? {
        if totalSuspendedSince != nil { return nil }
        let elapsed = elapsed(at: now)
        if let limit = limits.request, totalSuspended + limit <= elapsed { return .timeout(.request, after: limit) }
        if suspensions > 0 { return nil }
        if let limit = limits.idle, lastActivity + limit <= elapsed { return .timeout(.idle, after: limit) }
        return nil
    }
}
