/// What a peer knows, as a value: each step changes it and returns what remains to be done.
struct PeerState {
    typealias Outcome = Result<Reply, CallFailure>

    /// A waiting task.
    ///
    /// A request is removed when it is settled, so it is resumed once.
    typealias Waiter = UnsafeContinuation<Outcome, Never>

    private struct Waiting {
        let waiter: Waiter
        var clock: CallClock
    }

    /// A request whose response has arrived.
    struct Answered {
        let waiter: Waiter
        let id: RequestID
        /// The time since it was sent, without that for which its total time stood still.
        let elapsed: Duration
    }

    /// Whether each request has its own exchange, so that a message outside of it cannot be its response.
    let hasExchanges: Bool

    private var lastID: Int64 = 0
    private var waiting: [RequestID: Waiting] = [:]
    private var inbound: Set<RequestID> = []
    private var endReason: String?
    private var armed: ContinuousClock.Instant?

    init(hasExchanges: Bool) {
        self.hasExchanges = hasExchanges
    }

    // MARK: - Our requests

    var upcomingID: RequestID { .integer(lastID + 1) }

    mutating func nextID() -> RequestID {
        lastID += 1
        return .integer(lastID)
    }

    /// What follows from the beginning of a request.
    enum Beginning {
        case refused(CallFailure)
        /// It waits; if it still does when it is sent, its deadline may have to be armed.
        case waits(mayNeedAlarm: Bool)
    }

    mutating func begin(
        _ id: RequestID,
        at now: ContinuousClock.Instant,
        limits: CallLimits,
        waiter: Waiter
    ) -> Beginning {
        if let endReason { return .refused(.ended(endReason)) }
        let clock = CallClock(limits, sentAt: now)
        if let other = waiting.updateValue(Waiting(waiter: waiter, clock: clock), forKey: id) {
            waiting[id] = other
            return .refused(.unsendable("a request with the ID \(id) is still waiting for its response"))
        }
        if case .integer(let number) = id { lastID = max(lastID, number) }
        return .waits(mayNeedAlarm: needsAlarm(clock.deadline))
    }

    func isWaiting(_ id: RequestID) -> Bool {
        waiting.index(forKey: id) != nil
    }

    mutating func settle(_ id: RequestID) -> Waiter? {
        waiting.removeValue(forKey: id)?.waiter
    }

    mutating func noteActivity(of id: RequestID, at now: ContinuousClock.Instant) {
        waiting[id]?.clock.noteActivity(at: now)
    }

    mutating func suspendLimits(of id: RequestID, includingTotal: Bool, at now: ContinuousClock.Instant) {
        waiting[id]?.clock.suspend(includingTotal: includingTotal, at: now)
    }

    mutating func resumeLimits(of id: RequestID, at now: ContinuousClock.Instant) {
        waiting[id]?.clock.resume(at: now)
    }

    mutating func end(_ reason: String) -> [Waiter] {
        endReason = endReason ?? reason
        defer { waiting = [:] }
        return waiting.values.map(\.waiter)
    }

    // MARK: - Responses

    /// Removes the request with that ID, or else with the same ID in the other JSON type.
    mutating func takeAnswered(_ id: RequestID, at now: ContinuousClock.Instant) -> Answered? {
        if let answered = take(id, at: now) { return answered }
        return id.inOtherType.flatMap { take($0, at: now) }
    }

    private mutating func take(_ id: RequestID, at now: ContinuousClock.Instant) -> Answered? {
        guard let waiting = waiting.removeValue(forKey: id) else { return nil }
        return Answered(waiter: waiting.waiter, id: id, elapsed: waiting.clock.used(at: now))
    }

    /// The request that an error belongs to, or nil.
    ///
    /// An error that arrives in an exchange belongs to it, even without an ID or with one that no request has.
    func addressee(ofErrorFor id: RequestID?, in exchange: RequestID?) -> RequestID? {
        if let exchange, isWaiting(exchange), !(id.map(isWaitingInAnyType) ?? false) { return exchange }
        return id ?? onlyAddressee(nil)
    }

    /// The only request that a response without a usable ID can belong to, if there is just one.
    func onlyAddressee(_ exchange: RequestID?) -> RequestID? {
        if let exchange { return isWaiting(exchange) ? exchange : nil }
        return !hasExchanges && waiting.count == 1 ? waiting.keys.first : nil
    }

    private func isWaitingInAnyType(_ id: RequestID) -> Bool {
        isWaiting(id) || id.inOtherType.map(isWaiting) ?? false
    }

    // MARK: - Requests of the other side

    /// Notes a request; returns false if another open one has the same ID.
    mutating func beginInbound(_ id: RequestID) -> Bool {
        inbound.insert(id).inserted
    }

    mutating func finishInbound(_ id: RequestID) -> Bool {
        inbound.remove(id) != nil
    }

    // MARK: - Deadlines

    /// The deadline of a request if it is earlier than the armed one, which covers all others.
    mutating func deadlineToArm(for id: RequestID) -> ContinuousClock.Instant? {
        arm(waiting[id]?.clock.deadline)
    }

    /// The earliest deadline of all requests, if none is armed for it.
    mutating func deadlineToArm() -> ContinuousClock.Instant? {
        arm(waiting.values.lazy.compactMap(\.clock.deadline).min())
    }

    private func needsAlarm(_ deadline: ContinuousClock.Instant?) -> Bool {
        guard let deadline else { return false }
        return armed.map { $0 > deadline } ?? true
    }

    private mutating func arm(_ deadline: ContinuousClock.Instant?) -> ContinuousClock.Instant? {
        guard needsAlarm(deadline) else { return nil }
        armed = deadline
        return deadline
    }

    mutating func takeOverdue(at now: ContinuousClock.Instant) -> [(Waiter, CallFailure)] {
        armed = nil
        var overdue: [(Waiter, CallFailure)] = []
        for (id, request) in waiting {
            guard let failure = request.clock.failure(at: now) else { continue }
            waiting[id] = nil
            overdue.append((request.waiter, failure))
        }
        return overdue
    }
}

extension RequestID {
    /// The same ID with a number written as a string, or a string as a number.
    fileprivate var inOtherType: RequestID? {
        switch self {
        case .integer(let number): .string(String(number))
        case .string(let text): Int64(text).map(RequestID.integer)
        }
    }
}
