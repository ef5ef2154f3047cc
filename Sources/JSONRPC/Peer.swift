public import AsyncRuntime
public import JSON
import Synchronization

/// Our end of a JSON-RPC conversation: matches responses to requests, and sends one response per request.
///
/// It knows nothing of the protocol above it. Received messages are returned as ``Inbound`` values in the order in which
/// they arrived, for the owner to act on. Only the tasks that wait for a response are resumed from here.
public final class Peer: Sendable {
    /// Sends bytes.
    ///
    /// The ID is that of a request, for transports that open an exchange per request.
    public typealias Send = @Sendable (_ bytes: [UInt8], _ request: RequestID?) throws -> Void

    private let send: Send
    private let scheduler: any Scheduler
    private let state: Mutex<PeerState>
    private let alarm = Mutex<ScheduledAction?>(nil)

    /// Creates a peer.
    ///
    /// - Parameter hasExchanges: Whether the transport opens an exchange per request. Then an error without an ID that
    ///   arrives outside of any exchange belongs to no request.
    public init(scheduler: any Scheduler, hasExchanges: Bool = false, send: @escaping Send) {
        self.scheduler = scheduler
        state = Mutex(PeerState(hasExchanges: hasExchanges))
        self.send = send
    }

    // MARK: - Our requests

    /// An ID that no request of this peer has used.
    public func nextID() -> RequestID {
        state.withLock { $0.nextID() }
    }

    /// The ID that the next request will have, unless another one comes first.
    public var upcomingID: RequestID {
        state.withLock { $0.upcomingID }
    }

    /// Sends a request and waits for its response.
    ///
    /// Cancelling the task ends the wait. Notifying the other side is left to the caller, which knows the protocol.
    ///
    /// - Parameter send: Sends this request, in place of the peer's own closure.
    /// - Throws: ``CallFailure`` if no usable response arrived. An error response is part of the reply.
    public func request(
        _ bytes: [UInt8],
        id: RequestID,
        limits: CallLimits,
        by send: (_ bytes: [UInt8], _ request: RequestID) throws -> Void
    ) async throws(CallFailure) -> Reply {
        let outcome = await withTaskCancellationHandler {
            await withUnsafeContinuation { (waiter: PeerState.Waiter) in
                begin(id, limits: limits, waiter: waiter) { try send(bytes, id) }
            }
        } onCancel: {
            settle(id, .failure(.cancelled))
        }
        return try outcome.get()
    }

    /// Sends a request by the peer's own closure and waits for its response.
    ///
    /// - Throws: ``CallFailure`` if no usable response arrived. An error response is part of the reply.
    public func request(_ bytes: [UInt8], id: RequestID, limits: CallLimits) async throws(CallFailure) -> Reply {
        try await request(bytes, id: id, limits: limits) { bytes, id in try send(bytes, id) }
    }

    // Not inlined, because the temporaries of an async function are allocated one by one.
    @inline(never)
    private func begin(
        _ id: RequestID,
        limits: CallLimits,
        waiter: PeerState.Waiter,
        send: () throws -> Void
    ) {
        // Registered before the bytes leave, because the response may be quick.
        let beginning = state.withLock { state -> PeerState.Beginning in
            // A cancellation that came earlier found no request to settle.
            if Task.isCancelled { return .refused(.cancelled) }
            return state.begin(id, at: scheduler.now, limits: limits, waiter: waiter)
        }
        switch beginning {
        case .refused(let failure): waiter.resume(returning: .failure(failure))
        case .waits(let mayNeedAlarm):
            do {
                try send()
            } catch {
                settle(id, .failure(.unsendable("\(error)", by: error)))
                return
            }
            if mayNeedAlarm { watch(state.withLock { $0.deadlineToArm(for: id) }) }
        }
    }

    /// Whether a request has no response yet.
    ///
    /// Once it has, the task that waits may not have resumed yet.
    package func isWaiting(for id: RequestID) -> Bool {
        state.withLock { $0.isWaiting(id) }
    }

    /// Restarts the idle time of a request, as progress does.
    public func noteActivity(of id: RequestID) {
        state.withLock { $0.noteActivity(of: id, at: scheduler.now) }
    }

    /// Suspends the idle timeout of a request while it waits for us; suspensions are counted.
    ///
    /// - Parameter includingTotal: Whether the total timeout is suspended as well.
    public func suspendLimits(of id: RequestID, includingTotal: Bool = false) {
        state.withLock { $0.suspendLimits(of: id, includingTotal: includingTotal, at: scheduler.now) }
    }

    /// Ends one ``suspendLimits(of:includingTotal:)``; the idle time starts over.
    public func resumeLimits(of id: RequestID) {
        watch(
            state.withLock { state in
                state.resumeLimits(of: id, at: scheduler.now)
                return state.deadlineToArm(for: id)
            }
        )
    }

    /// Sends a message that has no response.
    public func send(_ bytes: [UInt8]) throws {
        try send(bytes, nil)
    }

    /// Fails one of our requests, as when its exchange broke.
    public func fail(_ id: RequestID, _ failure: CallFailure) {
        settle(id, .failure(failure))
    }

    /// Fails all waiting requests.
    ///
    /// Later ones fail at once with the same reason.
    public func end(_ reason: String) {
        let waiting = state.withLock { $0.end(reason) }
        alarm.withLock { $0?.cancel() }
        for waiter in waiting { waiter.resume(returning: .failure(.ended(reason))) }
    }

    private func settle(_ id: RequestID, _ outcome: PeerState.Outcome) {
        state.withLock { $0.settle(id) }?.resume(returning: outcome)
    }

    // MARK: - Receiving

    /// Takes a frame, resumes the requests that it answers, and passes its messages on in order.
    ///
    /// - Parameters:
    ///   - exchange: The request in whose exchange the frame arrived. An error without an ID, or with one that we never
    ///     sent, is the response to this request.
    ///   - handle: Called for each message.
    public func receive(_ frame: Frame, for exchange: RequestID? = nil, _ handle: (Inbound) -> Void) {
        switch frame.content {
        case .noise(let error): handle(.noise(error))
        case .message(.batch(let messages)):
            for message in messages { handle(receive(message, in: frame, for: exchange)) }
        case .message(let message): handle(receive(message, in: frame, for: exchange))
        }
    }

    private func receive(_ message: Message, in frame: Frame, for exchange: RequestID?) -> Inbound {
        switch message {
        case .request(let request):
            return state.withLock { $0.beginInbound(request.id) } ? .request(request) : .duplicateRequest(request)
        case .notification(let notification):
            return .notification(notification)
        case .response(let id, let result):
            return answer(id, .success(result), in: frame)
        case .failure(let id, let error):
            guard let addressee = state.withLock({ $0.addressee(ofErrorFor: id, in: exchange) }) else {
                return .stray(id: nil)
            }
            return answer(addressee, .failure(error), in: frame)
        case .invalid(let id, let reason):
            return reject(id, reason, in: frame) ?? .invalid(id: id, reason: reason)
        case .unaddressed(let reason):
            let addressee = frame.isBatch ? nil : state.withLock { $0.onlyAddressee(exchange) }
            return reject(addressee, reason, in: frame) ?? .invalid(id: nil, reason: reason)
        case .batch:
            return .invalid(id: nil, reason: "a batch is nested in a batch")
        }
    }

    private func answer(_ id: RequestID, _ result: Result<JSONText, RPCError>, in frame: Frame) -> Inbound {
        guard let answered = state.withLock({ $0.takeAnswered(id, at: scheduler.now) }) else { return .stray(id: id) }
        answered.waiter.resume(
            returning: answered.id == id
                ? .success(Reply(id: id, result: result, frame: frame, elapsed: answered.elapsed))
                : .failure(.mismatchedID(sent: answered.id, received: id, frame: frame))
        )
        return .answered(answered.id)
    }

    /// Fails the request whose response is not valid, if it waits.
    private func reject(_ id: RequestID?, _ reason: String, in frame: Frame) -> Inbound? {
        guard let id, let waiter = state.withLock({ $0.settle(id) }) else { return nil }
        waiter.resume(returning: .failure(.malformed(reason: reason, frame: frame)))
        return .answered(id)
    }

    // MARK: - Our responses

    /// Responds to a request of the other side, once, unless it was cancelled.
    public func respond(to id: RequestID, with bytes: [UInt8]) throws {
        guard state.withLock({ $0.finishInbound(id) }) else { return }
        try send(bytes, nil)
    }

    /// Removes a request of the other side that was cancelled, or whose response is sent elsewhere.
    ///
    /// - Returns: Whether there was such a request.
    @discardableResult
    public func finishInbound(_ id: RequestID) -> Bool {
        state.withLock { $0.finishInbound(id) }
    }

    // MARK: - Deadlines

    /// One deadline is armed for all requests rather than one each, because most requests finish long before.
    private func watch(_ deadline: ContinuousClock.Instant?) {
        guard let deadline else { return }
        // The action only checks what is overdue, and does nothing once the peer is deallocated.
        let action = scheduler.schedule(at: deadline) { [weak self] in self?.checkDeadlines() }
        alarm.withLock { $0 = action }
    }

    private func checkDeadlines() {
        let overdue = state.withLock { $0.takeOverdue(at: scheduler.now) }
        for (waiter, failure) in overdue { waiter.resume(returning: .failure(failure)) }
        watch(state.withLock { $0.deadlineToArm() })
    }
}

/// The limits of one request.
public struct CallLimits: Sendable, Hashable {
    /// The total timeout: the longest time until the response.
    public var request: Duration?
    /// The idle timeout: the longest time without a response or progress.
    public var idle: Duration?

    /// Creates limits; `nil` means none.
    public init(request: Duration? = nil, idle: Duration? = nil) {
        self.request = request
        self.idle = idle
    }
}

/// The response to one of our requests.
///
/// A class, because it is handed on from the loop to the task that waits, and from function to function.
public final class Reply: Sendable {
    /// The request's ID.
    public let id: RequestID
    /// The result as received, or the error.
    public let result: Result<JSONText, RPCError>
    /// The frame that contained it.
    public let frame: Frame
    /// The time from just before the request was sent until the response arrived.
    public let elapsed: Duration

    init(id: RequestID, result: Result<JSONText, RPCError>, frame: Frame, elapsed: Duration) {
        self.id = id
        self.result = result
        self.frame = frame
        self.elapsed = elapsed
    }
}

/// What a received message is.
public enum Inbound: Sendable {
    /// The response to one of our requests, which has been resumed.
    case answered(RequestID)
    /// A request; ``Peer/respond(to:with:)`` must follow.
    case request(Message.Request)
    /// A request whose ID another open request still has.
    case duplicateRequest(Message.Request)
    /// A notification.
    case notification(Message.Notification)
    /// A response that no request waits for: late, repeated, or with an unknown ID.
    case stray(id: RequestID?)
    /// JSON that is not a JSON-RPC message, with its ID if it could be read.
    case invalid(id: RequestID?, reason: String)
    /// Bytes that are not JSON.
    case noise(JSONError)
}
