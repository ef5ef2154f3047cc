public import AsyncRuntime
public import JSON
import Synchronization

/// Our end of a JSON-RPC conversation: ties answers to requests and sees that each is answered once.
///
/// It decides nothing about the protocol above it. What is received comes back as ``Inbound`` values in the order of
/// the wire, for its owner to act upon; only whoever waits for an answer is woken from here.
public final class Peer: Sendable {
    /// How the peer sends bytes; the id is that of a request, for transports that open an exchange for each.
    public typealias Send = @Sendable (_ bytes: [UInt8], _ request: RequestID?) throws -> Void

    private let send: Send
    private let scheduler: any Scheduler
    private let state: Mutex<PeerState>
    private let alarm = Mutex<ScheduledAction?>(nil)

    /// Creates a peer that sends through the closure and takes its time from the scheduler.
    ///
    /// - Parameter hasExchanges: Whether each request is answered in an exchange of its own: then an error that names no
    ///   request and came outside of any is nobody's answer.
    public init(scheduler: any Scheduler, hasExchanges: Bool = false, send: @escaping Send) {
        self.scheduler = scheduler
        state = Mutex(PeerState(hasExchanges: hasExchanges))
        self.send = send
    }

    // MARK: - Requests of ours

    /// An id that no request of this peer had.
    public func nextID() -> RequestID {
        state.withLock { $0.nextID() }
    }

    /// Sends a request and waits for its answer.
    ///
    /// Cancelling the task stops the waiting; telling the peer is the caller's business, who knows the protocol.
    ///
    /// - Parameter way: How to send it, if not as everything else.
    /// - Throws: ``CallFailure`` when no usable answer came. An error that the peer answered is part of the reply.
    public func request(
        _ bytes: [UInt8],
        id: RequestID,
        limits: CallLimits,
        by way: Send? = nil
    ) async throws(CallFailure) -> Reply {
        let outcome = await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<PeerState.Outcome, Never>) in
                begin(bytes, id: id, limits: limits, way: way ?? send, continuation: continuation)
            }
        } onCancel: {
            settle(id, .failure(.cancelled))
        }
        return try outcome.get()
    }

    private func begin(
        _ bytes: [UInt8],
        id: RequestID,
        limits: CallLimits,
        way: Send,
        continuation: CheckedContinuation<PeerState.Outcome, Never>
    ) {
        // Entered before the bytes can leave, for the answer may be quick.
        let refusal = state.withLock {
            $0.begin(id, at: scheduler.now, limits: limits, isCancelled: Task.isCancelled, continuation: continuation)
        }
        if let refusal {
            continuation.resume(returning: .failure(refusal))
            return
        }
        do {
            try way(bytes, id)
        } catch {
            settle(id, .failure(.unsendable("\(error)", by: error)))
            return
        }
        watch(state.withLock { $0.deadlineToArm(for: id) })
    }

    /// Tells whether a request still has no answer; its waiter may not have run yet when it has.
    package func isWaiting(for id: RequestID) -> Bool {
        state.withLock { $0.isWaiting(id) }
    }

    /// Notes a sign of life for a request, such as progress: its idle time begins anew.
    public func touch(_ id: RequestID) {
        state.withLock { $0.touch(id, at: scheduler.now) }
    }

    /// Lets the idle time of a request stand still, for it waits for us; holds are counted.
    ///
    /// - Parameter wholly: Lets its longest time stand still, too.
    public func hold(_ id: RequestID, wholly: Bool = false) {
        state.withLock { $0.hold(id, wholly: wholly, at: scheduler.now) }
    }

    /// Ends what ``hold(_:)`` began: the idle time begins anew.
    public func release(_ id: RequestID) {
        watch(
            state.withLock { state in
                state.release(id, at: scheduler.now)
                return state.deadlineToArm(for: id)
            }
        )
    }

    /// Sends a message that wants no answer.
    public func send(_ bytes: [UInt8]) throws {
        try send(bytes, nil)
    }

    /// Fails one request of ours, as when its own exchange broke.
    public func fail(_ id: RequestID, _ failure: CallFailure) {
        settle(id, .failure(failure))
    }

    /// Fails everything that waits; later requests fail at once with the same reason.
    public func end(_ reason: String) {
        let waiting = state.withLock { $0.end(reason) }
        alarm.withLock { $0?.cancel() }
        for continuation in waiting { continuation.resume(returning: .failure(.ended(reason))) }
    }

    private func settle(_ id: RequestID, _ outcome: PeerState.Outcome) {
        state.withLock { $0.settle(id) }?.continuation.resume(returning: outcome)
    }

    // MARK: - What comes in

    /// Takes a frame, wakes whom it answers and gives back the rest in order.
    ///
    /// - Parameter exchange: The request in whose own exchange it came: an error that names no request, or one that we
    ///   never sent, is the answer to this one.
    public func receive(_ frame: Frame, for exchange: RequestID? = nil) -> [Inbound] {
        switch frame.content {
        case .noise(let error): return [.noise(error)]
        case .message(.batch(let messages)): return messages.flatMap { receive($0, in: frame, for: exchange) }
        case .message(let message): return receive(message, in: frame, for: exchange)
        }
    }

    private func receive(_ message: Message, in frame: Frame, for exchange: RequestID?) -> [Inbound] {
        let (inbound, answered) = state.withLock {
            $0.receive(message, in: frame, for: exchange, at: scheduler.now)
        }
        answered?.continuation.resume(returning: answered?.outcome ?? .failure(.cancelled))
        return [inbound]
    }

    // MARK: - Answers of ours

    /// Answers a request of the other side, if that is still wanted; a request is answered once.
    public func respond(to id: RequestID, with bytes: [UInt8]) throws {
        guard state.withLock({ $0.finishInbound(id) }) else { return }
        try send(bytes, nil)
    }

    /// Forgets a request of the other side: its answer is not wanted any more, or goes another way.
    ///
    /// - Returns: Whether there was such a request.
    @discardableResult
    public func finishInbound(_ id: RequestID) -> Bool {
        state.withLock { $0.finishInbound(id) }
    }

    // MARK: - Deadlines

    /// One deadline is armed for all requests, not one each: the usual request is answered long before.
    private func watch(_ deadline: ContinuousClock.Instant?) {
        guard let deadline else { return }
        // The action only looks up what is overdue, and does nothing once the peer is gone.
        let action = scheduler.schedule(at: deadline) { [weak self] in self?.checkDeadlines() }
        alarm.withLock { $0 = action }
    }

    private func checkDeadlines() {
        let overdue = state.withLock { $0.takeOverdue(at: scheduler.now) }
        for (continuation, failure) in overdue { continuation.resume(returning: .failure(failure)) }
        watch(state.withLock { $0.deadlineToArm() })
    }
}

/// The limits of one request.
public struct CallLimits: Sendable, Hashable {
    /// The longest time until the answer, whatever happens meanwhile.
    public var request: Duration?
    /// The longest time without an answer or a sign of progress.
    public var idle: Duration?

    /// Creates limits; `nil` means none.
    public init(request: Duration? = nil, idle: Duration? = nil) {
        self.request = request
        self.idle = idle
    }
}

/// The answer to a request of ours.
public struct Reply: Sendable {
    /// The request's id.
    public let id: RequestID
    /// What the peer answered: its result as received, or its error.
    public let result: Result<JSONText, RPCError>
    /// The frame that brought it.
    public let frame: Frame
    /// The time from just before the request was sent until the answer was there.
    public let elapsed: Duration
}

/// What a frame turned out to be for its receiver.
public enum Inbound: Sendable {
    /// It answered a request of ours, whose waiter has been woken.
    case answered(RequestID)
    /// The other side asks; ``Peer/respond(to:with:)`` must follow.
    case request(Message.Request)
    /// The other side asks with an id that one of its requests still has: nothing is done but an error answered.
    case duplicateRequest(Message.Request)
    /// The other side tells.
    case notification(Message.Notification)
    /// An answer nobody waits for: late, repeated, or with an id that was never used.
    case stray(id: RequestID?)
    /// A message that is none, with the id as far as it was read.
    case invalid(id: RequestID?, reason: String)
    /// Bytes that are no JSON.
    case noise(JSONError)
}
