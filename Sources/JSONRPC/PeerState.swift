import JSON

/// What a peer remembers, as a value: each step changes it and says what is to be done.
struct PeerState {
    typealias Outcome = Result<Reply, CallFailure>

    struct Waiting {
        let continuation: CheckedContinuation<Outcome, Never>
        let limits: CallLimits
        let sent: ContinuousClock.Instant
        /// From when on its time counts: from when it was sent, and later by what it was held for altogether.
        var began: ContinuousClock.Instant
        var lastSign: ContinuousClock.Instant
        /// How many questions of the peer are open because of it: the idle time stands still while there are any.
        var holds = 0
        /// Since when its whole time stands still, if it does.
        var heldSince: ContinuousClock.Instant?

        var deadline: ContinuousClock.Instant? {
            let request = heldSince == nil ? limits.request.map { began.advanced(by: $0) } : nil
            let idle = holds > 0 ? nil : limits.idle.map { lastSign.advanced(by: $0) }
            guard let request, let idle else { return request ?? idle }
            return min(request, idle)
        }

        func failure(at now: ContinuousClock.Instant) -> CallFailure? {
            if heldSince != nil { return nil }
            if let limit = limits.request, began.advanced(by: limit) <= now { return .timeout(.request, after: limit) }
            if holds > 0 { return nil }
            if let limit = limits.idle, lastSign.advanced(by: limit) <= now { return .timeout(.idle, after: limit) }
            return nil
        }
    }

    struct Answered {
        let continuation: CheckedContinuation<Outcome, Never>
        let outcome: Outcome
    }

    /// Whether each request is answered in an exchange of its own, so that what comes outside of it answers none.
    let hasExchanges: Bool

    private var lastID: Int64 = 0
    private var waiting: [RequestID: Waiting] = [:]
    private var inbound: Set<RequestID> = []
    private var endReason: String?
    private var armed: ContinuousClock.Instant?

    init(hasExchanges: Bool) {
        self.hasExchanges = hasExchanges
    }

    // MARK: - Requests of ours

    mutating func nextID() -> RequestID {
        lastID += 1
        return .integer(lastID)
    }

    mutating func begin(
        _ id: RequestID,
        at now: ContinuousClock.Instant,
        limits: CallLimits,
        isCancelled: Bool,
        continuation: CheckedContinuation<Outcome, Never>
    ) -> CallFailure? {
        if isCancelled { return .cancelled }
        if let endReason { return .ended(endReason) }
        if waiting[id] != nil { return .unsendable("a request with the id \(id) still waits for its answer") }
        if case .integer(let number) = id { lastID = max(lastID, number) }
        waiting[id] = Waiting(continuation: continuation, limits: limits, sent: now, began: now, lastSign: now)
        return nil
    }

    func isWaiting(_ id: RequestID) -> Bool {
        waiting[id] != nil
    }

    mutating func settle(_ id: RequestID) -> Waiting? {
        waiting.removeValue(forKey: id)
    }

    mutating func touch(_ id: RequestID, at now: ContinuousClock.Instant) {
        waiting[id]?.lastSign = now
    }

    mutating func hold(_ id: RequestID, wholly: Bool, at now: ContinuousClock.Instant) {
        guard var held = waiting[id] else { return }
        held.holds += 1
        if wholly, held.heldSince == nil { held.heldSince = now }
        waiting[id] = held
    }

    mutating func release(_ id: RequestID, at now: ContinuousClock.Instant) {
        guard var held = waiting[id], held.holds > 0 else { return }
        held.holds -= 1
        held.lastSign = now
        if held.holds == 0, let since = held.heldSince {
            held.began = held.began.advanced(by: since.duration(to: now))
            held.heldSince = nil
        }
        waiting[id] = held
    }

    mutating func end(_ reason: String) -> [CheckedContinuation<Outcome, Never>] {
        endReason = endReason ?? reason
        defer { waiting = [:] }
        return waiting.values.map(\.continuation)
    }

    // MARK: - What comes in

    mutating func receive(
        _ message: Message,
        in frame: Frame,
        for exchange: RequestID?,
        at now: ContinuousClock.Instant
    ) -> (Inbound, Answered?) {
        switch message {
        case .request(let request):
            return (inbound.insert(request.id).inserted ? .request(request) : .duplicateRequest(request), nil)
        case .notification(let notification):
            return (.notification(notification), nil)
        case .response(let id, let result):
            return answer(id, .success(result), in: frame, at: now)
        case .failure(let id, let error) where exchange.map({ isExchange($0, of: id) }) ?? false:
            return answer(exchange ?? .integer(0), .failure(error), in: frame, at: now)
        case .failure(let id?, let error):
            return answer(id, .failure(error), in: frame, at: now)
        case .failure(nil, let error):
            guard let id = addressee(nil) else { return (.stray(id: nil), nil) }
            return answer(id, .failure(error), in: frame, at: now)
        case .invalid(let id, let reason):
            guard let id, let waiter = waiting.removeValue(forKey: id) else {
                return (.invalid(id: id, reason: reason), nil)
            }
            let outcome = Outcome.failure(.malformed(reason: reason, frame: frame))
            return (.answered(id), Answered(continuation: waiter.continuation, outcome: outcome))
        case .unaddressed(let reason):
            guard !frame.isBatch, let id = addressee(exchange), let waiter = waiting.removeValue(forKey: id) else {
                return (.invalid(id: nil, reason: reason), nil)
            }
            let outcome = Outcome.failure(.malformed(reason: reason, frame: frame))
            return (.answered(id), Answered(continuation: waiter.continuation, outcome: outcome))
        case .batch:
            return (.invalid(id: nil, reason: "a batch is nested in a batch"), nil)
        }
    }

    /// The only request that a response without a usable id can belong to, if there is just one.
    private func addressee(_ exchange: RequestID?) -> RequestID? {
        if let exchange { return waiting[exchange] == nil ? nil : exchange }
        return !hasExchanges && waiting.count == 1 ? waiting.keys.first : nil
    }

    /// Tells whether an error must be meant for the exchange that it came in, whatever id it names.
    private func isExchange(_ exchange: RequestID, of id: RequestID?) -> Bool {
        guard waiting[exchange] != nil else { return false }
        return id.map { waiting[$0] == nil && $0.inOtherType.flatMap { waiting[$0] } == nil } ?? true
    }

    private mutating func answer(
        _ id: RequestID,
        _ result: Result<JSONText, RPCError>,
        in frame: Frame,
        at now: ContinuousClock.Instant
    ) -> (Inbound, Answered?) {
        if let waiter = waiting.removeValue(forKey: id) {
            let reply = Reply(id: id, result: result, frame: frame, elapsed: waiter.sent.duration(to: now))
            return (.answered(id), Answered(continuation: waiter.continuation, outcome: .success(reply)))
        }
        if let asked = id.inOtherType, let waiter = waiting.removeValue(forKey: asked) {
            let failure = CallFailure.mismatchedID(sent: asked, received: id, frame: frame)
            return (.answered(asked), Answered(continuation: waiter.continuation, outcome: .failure(failure)))
        }
        return (.stray(id: id), nil)
    }

    mutating func finishInbound(_ id: RequestID) -> Bool {
        inbound.remove(id) != nil
    }

    // MARK: - Deadlines

    /// The deadline of a request, if it comes before the one that is armed, which covers all others.
    mutating func deadlineToArm(for id: RequestID) -> ContinuousClock.Instant? {
        arm(waiting[id]?.deadline)
    }

    /// The next deadline of all requests, if none is armed for it.
    mutating func deadlineToArm() -> ContinuousClock.Instant? {
        arm(waiting.values.lazy.compactMap(\.deadline).min())
    }

    private mutating func arm(_ deadline: ContinuousClock.Instant?) -> ContinuousClock.Instant? {
        guard let deadline else { return nil }
        if let armed, armed <= deadline { return nil }
        armed = deadline
        return deadline
    }

    mutating func takeOverdue(
        at now: ContinuousClock.Instant
    ) -> [(CheckedContinuation<Outcome, Never>, CallFailure)] {
        armed = nil
        var overdue: [(CheckedContinuation<Outcome, Never>, CallFailure)] = []
        for (id, waiter) in waiting {
            guard let failure = waiter.failure(at: now) else { continue }
            waiting[id] = nil
            overdue.append((waiter.continuation, failure))
        }
        return overdue
    }
}

extension RequestID {
    /// The id that a peer meant who wrote a number as a string or the other way round.
    fileprivate var inOtherType: RequestID? {
        switch self {
        case .integer(let number): .string(String(number))
        case .string(let text): Int64(text).map(RequestID.integer)
        }
    }
}
