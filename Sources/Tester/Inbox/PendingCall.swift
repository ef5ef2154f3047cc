import AsyncRuntime
import JSON
import MCP
import MCPClient
import Synchronization
import TextUtilities

/// A call to a target that runs as a task of its own, so that others can answer what the target requests meanwhile.
///
/// The caller waits for its next step: its report, or input requests that nothing settles. It ends once, in
/// whatever order answers, cancellations and limits arrive, and its report is returned once.
final class PendingCall: OpenCall {
    /// What was called.
    let subject: CallSubject
    let connection: Connection
    let startedAt: ContinuousClock.Instant

    private struct Handles {
        var call: PendingCallState
        var task: Task<Void, Never>?
        /// Lazy: most calls never need an ID.
        var id: String?
        /// Opened when the call has ended; created only if something waits for that, as at the end of a connection.
        var ended: Latch<Void>?
    }

    private let state: Mutex<Handles>
    /// Whether the user was ever asked; most calls never do, and take no lock for it.
    private let hasAsked = Atomic(false)

    init(_ subject: CallSubject, on connection: Connection, plan: InputPlan, relay: (any CallRelay)?) {
        self.subject = subject
        self.connection = connection
        startedAt = connection.clock.now
        state = Mutex(Handles(call: PendingCallState(plan: plan, relay: relay)))
    }

    private var inbox: Inbox { connection.inbox }

    /// The random ID by which later calls refer to it.
    var id: String {
        state.withLock { state in
            let id = state.id ?? randomIdentifier()
            state.id = id
            return id
        }
    }

    /// Whether anyone has been given the ID.
    var isKnown: Bool { state.withLock { $0.id != nil } }

    // MARK: - Steps

    /// Starts the call in a task, which ends with it.
    func start(_ body: @escaping @Sendable () async -> Report) {
        inbox.insert(self)
        let task = Task.immediate(executorPreference: connection.executor) {
            self.end(with: await body())
        }
        state.withLock { state in
            if !state.call.hasEnded { state.task = task }
        }
    }

    /// Waits for the next step.
    ///
    /// Cancelling the waiting task cancels the call.
    func next(relay: (any CallRelay)? = nil) async -> Step {
        await withTaskCancellationHandler {
            await withUnsafeContinuation { continuation in
                let step = state.withLock { $0.call.next(continuation, relay: relay) }
                if let step { continuation.resume(returning: step) }
            }
        } onCancel: {
            cancel()
        }
    }

    /// Cancels the call: the target is notified, and the report says so.
    func cancel() {
        state.withLock { $0.task }?.cancel()
    }

    /// Waits until the call has ended.
    func ended() async {
        let ended = state.withLock { state -> Latch<Void>? in
            if state.call.hasEnded { return nil }
            let ended = state.ended ?? Latch()
            state.ended = ended
            return ended
        }
        await ended?.wait()
    }

    private func end(with report: Report) {
        let (effects, ended) = state.withLock { state in
            state.task = nil
            return (state.call.end(with: report, expiryFinding: inbox.expiryFinding), state.ended)
        }
        inbox.remove(self)
        effects.run()
        ended?.open()
        if let onExpiry = effects.onExpiry { scheduleExpiry(onExpiry) }
    }

    /// Calls an action if no one collects the report within the time that an input request waits.
    func onExpiry(_ action: @escaping @Sendable () -> Void) {
        if state.withLock({ $0.call.setOnExpiry(action) }) { scheduleExpiry(action) }
    }

    private func scheduleExpiry(_ action: @escaping @Sendable () -> Void) {
        _ = inbox.clock.schedule(at: inbox.clock.now.advanced(by: inbox.timeout), action)
    }

    /// The findings that no report has shown yet.
    func takeFindings() -> [Report.Finding] {
        state.withLock { $0.call.takeFindings() }
    }

    // MARK: - Input requests

    /// Whether the target works on the call rather than waiting for input.
    var isRunning: Bool { state.withLock { !$0.call.hasEnded && $0.call.open.isEmpty } }

    /// How long the user has been asked for input so far, which is not the target's time.
    var askedTime: Duration {
        guard hasAsked.load(ordering: .relaxed) else { return .zero }
        return state.withLock { $0.call.askedTime(at: connection.clock.now) }
    }

    /// The open input requests, and the keys of those that are settled.
    var inputRequests: (open: [OpenInputRequest], settled: Set<String>, hasEnded: Bool) {
        state.withLock { ($0.call.open, $0.call.settled, $0.call.hasEnded) }
    }

    /// Answers an input request of the target: from the plan, by the policy, by our model, or by asking the user.
    func respond(to request: ReceivedInputRequest) async throws(InputRefusal) -> JSONObject {
        switch await outcome(of: request) {
        case .settled(let result): return try result.get()
        case .callEnded: throw .cancelled
        }
    }

    /// Answers an input request of the target as long as the call runs.
    func outcome(of request: ReceivedInputRequest) async -> Outcome {
        let (choice, serial) = state.withLock { $0.call.plan(for: request) }
        var remarks: [String] = []
        switch choice {
        case .reply(let reply): return settle(request, with: reply)
        case .unusable(let reasons): remarks = reasons
        case .nothing:
            if let reply = inbox.reply(to: request) { return settle(request, with: reply) }
            switch await inbox.modelOutcome(of: request) {
            case .reply(let reply)?: return settle(request, with: reply)
            case .fault(let finding)?:
                remarks = [finding.message]
                if !Task.isCancelled { state.withLock { $0.call.add(finding) } }
            case nil: break
            }
        }
        return await askUser(request, serial, remarks)
    }

    private func settle(_ request: ReceivedInputRequest, with reply: InputReply) -> Outcome {
        arrive(request)
        return .settled(reply.outcome)
    }

    private func askUser(_ request: ReceivedInputRequest, _ serial: Int, _ remarks: [String]) async -> Outcome {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                open(request, serial, remarks, continuation)
                // A cancellation that came before the request was opened found nothing to withdraw.
                if Task.isCancelled { withdraw(serial) }
            }
        } onCancel: {
            withdraw(serial)
        }
    }

    private func open(
        _ request: ReceivedInputRequest,
        _ serial: Int,
        _ remarks: [String],
        _ continuation: CheckedContinuation<Outcome, Never>
    ) {
        let rule: InputPolicy.Rule = inbox.policy[request.kind] == .forward ? .forward : .ask
        hasAsked.store(true, ordering: .relaxed)
        let refusal = state.withLock {
            $0.call.insert(
                request,
                serial: serial,
                rule: rule,
                remarks: remarks,
                continuation: continuation,
                at: connection.clock.now
            )
        }
        if let refusal {
            arrive(request)
            return continuation.resume(returning: refusal)
        }
        let deadline = inbox.clock.schedule(at: inbox.clock.now.advanced(by: inbox.timeout)) { [weak self] in
            self?.cancelInput(because: .expired)
        }
        state.withLock { $0.call.setDeadline(deadline) }.run()
        arrive(request)
    }

    private func arrive(_ request: ReceivedInputRequest) {
        state.withLock { $0.call.arrive(request) }.run()
    }

    /// Cancels an input request that the target has withdrawn.
    private func withdraw(_ serial: Int) {
        for request in take(where: { $0.serial == serial }) {
            request.continuation.resume(returning: .settled(.failure(.cancelled)))
        }
    }

    /// Answers open input requests, each once.
    ///
    /// - Returns: The keys of those that were no longer open.
    func settle(_ replies: [(key: String, reply: InputReply)]) -> [String] {
        // All are removed first: the answer to one may make the target cancel the others.
        let taken = take { request in replies.contains { $0.key == request.key } }
        var late: [String] = []
        for (key, reply) in replies {
            if let request = taken.first(where: { $0.key == key }) {
                request.continuation.resume(returning: .settled(reply.outcome))
            } else {
                late.append(key)
            }
        }
        return late
    }

    /// Cancels all input requests, also those to come: the connection is closing.
    func cancelInput() {
        cancelInput(because: .closed)
    }

    private func cancelInput(because intake: PendingCallState.Intake) {
        state.withLock { $0.call.cancelInput(because: intake, at: connection.clock.now) }.run()
    }

    private func take(where condition: (OpenInputRequest) -> Bool) -> [OpenInputRequest] {
        let (taken, effects) = state.withLock { $0.call.take(where: condition, at: connection.clock.now) }
        effects.run()
        return taken
    }

    // MARK: - Metrics

    /// Counts the call of a tool; the time that input took is not the server's.
    func record(_ report: Report, in metrics: TesterMetrics, _ redactor: Redactor) {
        guard case .tool(let tool) = subject else { return }
        let needsNoInput = state.withLock { $0.call.requestCount == 0 }
        metrics.record(report, ofTarget: tool, redactor, took: needsNoInput ? report.targetTime : nil)
    }

    // MARK: - Notifications

    /// Passes a notification on to the caller.
    func relay(_ body: (any CallRelay) -> Void) {
        if let relay = state.withLock({ $0.call.relay }) { body(relay) }
    }

    /// Passes the target's progress on.
    func onProgress(_ params: JSONText) {
        relay { relay in
            if let object = params.value().object { relay.progress(ProgressParams(json: object)) }
        }
    }
}
