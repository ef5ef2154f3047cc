import JSON

/// What a peer knows, as a value: each step changes it and returns what remains to be done.
struct PeerState {
    typealias Outcome = Result<Reply, CallFailure>

    struct Waiting {
        let continuation: CheckedContinuation<Outcome, Never>
        var clock: CallClock
    }

    struct Answered {
        let continuation: CheckedContinuation<Outcome, Never>
        let outcome: Outcome
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

    mutating func begin(
        _ id: RequestID,
        at now: ContinuousClock.Instant,
        limits: CallLimits,
        isCancelled: Bool,
        continuation: CheckedContinuation<Outcome, Never>
    ) -> CallFailure? {
        if isCancelled { return .cancelled }
        if let endReason { return .ended(endReason) }
        if waiting[id] != nil { return .unsendable("a request with the ID \(id) is still waiting for its response") }
        if case .integer(let number) = id { lastID = max(lastID, number) }
        waiting[id] = Waiting(continuation: continuation, clock: CallClock(limits, sentAt: now))
        return nil
    }

    func isWaiting(_ id: RequestID) -> Bool {
        waiting[id] != nil
    }

    mutating func settle(_ id: RequestID) -> Waiting? {
        waiting.removeValue(forKey: id)
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

    mutating func end(_ reason: String) -> [CheckedContinuation<Outcome, Never>] {
        endReason = endReason ?? reason
        defer { waiting = [:] }
        return waiting.values.map(\.continuation)
    }

    // MARK: - Receiving

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
            return settle(id, .success(result), in: frame, at: now)
        case .failure(let id, let error) where exchange.map({ isExchange($0, of: id) }) ?? false:
            return settle(exchange ?? .integer(0), .failure(error), in: frame, at: now)
        case .failure(let id?, let error):
            return settle(id, .failure(error), in: frame, at: now)
        case .failure(nil, let error):
            guard let id = addressee(nil) else { return (.stray(id: nil), nil) }
            return settle(id, .failure(error), in: frame, at: now)
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

    /// Whether an error belongs to the exchange that it arrived in, whatever ID it names.
    private func isExchange(_ exchange: RequestID, of id: RequestID?) -> Bool {
        guard waiting[exchange] != nil else { return false }
        return id.map { waiting[$0] == nil && $0.inOtherType.flatMap { waiting[$0] } == nil } ?? true
    }

    private mutating func settle(
        _ id: RequestID,
        _ result: Result<JSONText, RPCError>,
        in frame: Frame,
        at now: ContinuousClock.Instant
    ) -> (Inbound, Answered?) {
        if let waiter = waiting.removeValue(forKey: id) {
            let reply = Reply(id: id, result: result, frame: frame, elapsed: waiter.clock.elapsed(at: now))
            return (.answered(id), Answered(continuation: waiter.continuation, outcome: .success(reply)))
        }
        if let sent = id.inOtherType, let waiter = waiting.removeValue(forKey: sent) {
            let failure = CallFailure.mismatchedID(sent: sent, received: id, frame: frame)
            return (.answered(sent), Answered(continuation: waiter.continuation, outcome: .failure(failure)))
        }
        return (.stray(id: id), nil)
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
            guard let failure = waiter.clock.failure(at: now) else { continue }
            waiting[id] = nil
            overdue.append((waiter.continuation, failure))
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
