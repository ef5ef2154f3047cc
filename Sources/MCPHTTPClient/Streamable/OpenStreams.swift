import AsyncRuntime

/// The streams that have delivered their response and that the server has not closed yet, oldest first.
///
/// Source: transports, "Streamable HTTP", "Sending messages to the server", 2025-03-26 and later.
struct OpenStreams {
    private enum Check {
        case none
        case scheduled(ScheduledAction)
        /// An open stream has been reported, which is done once.
        case reported
    }

    private var streams: [(stream: RequestStream, since: ContinuousClock.Instant)] = []
    private var check = Check.none

    /// How many are kept open.
    private static let maximum = 8
    /// How long after its response a stream may stay open.
    private static let gracePeriod = Duration.seconds(2)

    /// Adds a stream.
    ///
    /// - Returns: The oldest one if there are too many.
    mutating func add(_ stream: RequestStream, on session: StreamableSession) -> RequestStream? {
        let now = session.pool.scheduler.now
        streams.append((stream, now))
        if case .none = check { scheduleCheck(at: now.advanced(by: Self.gracePeriod), on: session) }
        return streams.count > Self.maximum ? streams.first?.stream : nil
    }

    mutating func remove(_ stream: RequestStream) {
        streams.removeAll { $0.stream === stream }
    }

    /// One check for all streams: most of them end long before it.
    private mutating func scheduleCheck(at time: ContinuousClock.Instant, on session: StreamableSession) {
        check = .scheduled(session.pool.schedule(at: time, on: session) { $0.checkOpenStreams(at: time) })
    }

    /// A stream that has been open for too long; schedules the next check if one may be later.
    mutating func overdue(at time: ContinuousClock.Instant, on session: StreamableSession) -> RequestStream? {
        guard case .scheduled = check else { return nil }
        check = .none
        guard let oldest = streams.first else { return nil }
        let due = oldest.since.advanced(by: Self.gracePeriod)
        guard due > time else { return oldest.stream }
        scheduleCheck(at: due, on: session)
        return nil
    }

    /// - Returns: Whether this is the first report.
    mutating func markReported() -> Bool {
        switch check {
        case .reported: return false
        case .scheduled(let action): action.cancel()
        case .none: break
        }
        check = .reported
        return true
    }

    mutating func removeAll() {
        streams = []
        if case .scheduled(let action) = check { action.cancel() }
        check = .reported
    }
}
