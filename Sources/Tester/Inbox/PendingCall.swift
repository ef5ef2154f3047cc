import AsyncRuntime
import JSON
import JSONRPC
import MCP
import MCPClient
import Synchronization
import TextUtilities

/// A call to a target that runs as a task of its own, so that what the target asks meanwhile can be answered by others.
///
/// Whoever started it waits for its next step: its end, or questions that nothing settles. It ends once, whatever order
/// answers, cancellations and limits come in, and its end is told once.
final class PendingCall: Sendable {
    private struct State {
        var plan: InputPlan
        /// What was noticed since an answer was told.
        var findings: [Report.Finding] = []
        var open: [OpenInputRequest] = []
        var settled: Set<String> = []
        /// How many questions of a round have come, for those that come together are told together.
        var arrived: [Int: Int] = [:]
        var askedCount = 0
        var isExpired = false
        /// Nobody will answer any more.
        var isGivenUp = false
        var end: Report?
        var isTold = false
        var endWaiters: [CheckedContinuation<Void, Never>] = []
        var forget: (@Sendable () -> Void)?
        var waiter: CheckedContinuation<Step, Never>?
        var task: Task<Void, Never>?
        var deadline: ScheduledAction?
        var relay: CallRelay?

        /// Notes the end, and hands out whom it concerns.
        mutating func end(with answer: Report) -> Ending {
            let ending = Ending(
                open: open,
                waiter: waiter,
                endWaiters: endWaiters,
                deadline: deadline,
                forget: forget
            )
            end = answer
            isTold = waiter != nil
            (open, endWaiters) = ([], [])
            (waiter, deadline, relay, task) = (nil, nil, nil, nil)
            return ending
        }
    }

    /// Whom the end of a call concerns.
    private struct Ending {
        let open: [OpenInputRequest]
        let waiter: CheckedContinuation<Step, Never>?
        let endWaiters: [CheckedContinuation<Void, Never>]
        let deadline: ScheduledAction?
        let forget: (@Sendable () -> Void)?
    }

    /// How often a target may ask within one call; whoever asks more does not come to an end.
    static let questionLimit = 50

    private let name = Mutex<String?>(nil)
    /// What was called, such as `tool "echo"`.
    let label: String
    /// Where users look for what it brings.
    let payloadKey: String
    let connection: Connection
    private let state: Mutex<State>

    init(_ label: String, payloadKey: String, on connection: Connection, plan: InputPlan, relay: CallRelay?) {
        self.label = label
        self.payloadKey = payloadKey
        self.connection = connection
        state = Mutex(State(plan: plan, relay: relay))
    }

    private var inbox: Inbox { connection.inbox }

    /// By which later calls know it; nobody can guess it.
    ///
    /// Made when it is first wanted, for most calls never wait.
    var id: String {
        name.withLock { name in
            let id = name ?? randomIdentifier()
            name = id
            return id
        }
    }

    /// Tells whether anybody was told the id.
    var isKnown: Bool { name.withLock { $0 != nil } }

    // MARK: - Its life

    /// Starts it; the task is the call's own, and ends with it.
    func start(_ body: @escaping @Sendable () async -> Report) {
        inbox.enter(self)
        let task = Task.immediate(executorPreference: connection.executor) {
            self.finish(await body())
        }
        state.withLock { state in
            if state.end == nil { state.task = task }
        }
    }

    /// Waits for the next step; cancelling the waiting cancels the call.
    func next(relay: CallRelay? = nil) async -> Step {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let step = state.withLock { state -> Step? in
                    if let end = state.end {
                        defer { state.isTold = true }
                        return state.isTold ? .told : .ended(end)
                    }
                    if state.waiter != nil { return .busy }
                    if let relay { state.relay = relay }
                    if !state.open.isEmpty, state.arrived.isEmpty { return .asks(state.open) }
                    state.waiter = continuation
                    return nil
                }
                if let step { continuation.resume(returning: step) }
            }
        } onCancel: {
            cancel()
        }
    }

    /// Says how it is forgotten when nobody comes for its end within the time of a question.
    func isForgotten(by forget: @escaping @Sendable () -> Void) {
        let isLate = state.withLock { state in
            state.forget = forget
            return state.end != nil
        }
        if isLate { scheduleForgetting(forget) }
    }

    private func scheduleForgetting(_ forget: @escaping @Sendable () -> Void) {
        _ = inbox.clock.schedule(at: inbox.clock.now.advanced(by: inbox.life), forget)
    }

    /// Calls it off: the target is told, and the call ends as cancelled.
    func cancel() {
        state.withLock { $0.task }?.cancel()
    }

    /// Waits until it has come to its end.
    func ended() async {
        await withCheckedContinuation { continuation in
            let hasEnded = state.withLock { state in
                if state.end == nil { state.endWaiters.append(continuation) }
                return state.end != nil
            }
            if hasEnded { continuation.resume() }
        }
    }

    private func finish(_ answer: Report) {
        var end = answer
        let ending = state.withLock { state in
            end.findings += state.findings + state.plan.leftOver
            if state.isExpired { end.findings.append(inbox.expiryFinding) }
            if state.askedCount > Self.questionLimit { end.findings.append(Self.endless) }
            return state.end(with: end)
        }
        ending.deadline?.cancel()
        inbox.leave(self)
        for question in ending.open { question.continuation.resume(returning: .callEnded) }
        ending.waiter?.resume(returning: .ended(end))
        for waiter in ending.endWaiters { waiter.resume() }
        if ending.waiter == nil, let forget = ending.forget { scheduleForgetting(forget) }
    }

    private static let endless = Report.Finding(
        .protocolError,
        "The server asked more than \(questionLimit) times within one call; what it asked after that was declined."
    )

    // MARK: - Questions

    /// Whether its target works on it, rather than to wait for an answer.
    var isRunning: Bool { state.withLock { $0.end == nil && $0.open.isEmpty } }

    /// The questions that are open, and the keys of those that are not any more.
    var questions: (open: [OpenInputRequest], settled: Set<String>, hasEnded: Bool) {
        state.withLock { ($0.open, $0.settled, $0.end != nil) }
    }

    /// What was noticed since an answer was told; each thing is told once.
    func takeFindings() -> [Report.Finding] {
        state.withLock { state in
            defer { state.findings = [] }
            return state.findings
        }
    }

    /// Answers a question of the target: by what is ready, by the policy, by our model, or by asking the user.
    func answer(_ question: ReceivedInputRequest) async throws(InputRefusal) -> JSONObject {
        switch await outcome(of: question) {
        case .settled(let result): return try result.get()
        case .callEnded: throw .cancelled
        }
    }

    /// Answers a question of the target, as long as the call is open.
    func outcome(of question: ReceivedInputRequest) async -> Outcome {
        let (choice, serial) = state.withLock { state -> (InputPlan.Choice, Int) in
            state.askedCount += 1
            let serial = state.askedCount
            if state.isExpired || state.isGivenUp { return (.reply(.refusal(.cancelled)), serial) }
            if serial > Self.questionLimit { return (.reply(.refusal(.declined("too many questions"))), serial) }
            return (state.plan.take(for: question), serial)
        }
        var remarks: [String] = []
        switch choice {
        case .reply(let reply):
            arrive(question)
            return .settled(reply.outcome)
        case .unusable(let reasons): remarks = reasons
        case .nothing:
            if let reply = inbox.reply(to: question) {
                arrive(question)
                return .settled(reply.outcome)
            }
            switch await inbox.modelOutcome(of: question) {
            case .reply(let reply)?:
                arrive(question)
                return .settled(reply.outcome)
            case .fault(let finding)?:
                remarks = [finding.message]
                if !Task.isCancelled { state.withLock { $0.findings.append(finding) } }
            case nil: break
            }
        }
        return await ask(question, serial, remarks)
    }

    private func ask(
        _ question: ReceivedInputRequest,
        _ serial: Int,
        _ remarks: [String]
    ) async -> Outcome {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                open(question, serial, remarks, continuation)
                // It may have been called off before it was entered.
                if Task.isCancelled { withdraw(serial) }
            }
        } onCancel: {
            withdraw(serial)
        }
    }

    private func open(
        _ question: ReceivedInputRequest,
        _ serial: Int,
        _ remarks: [String],
        _ continuation: CheckedContinuation<Outcome, Never>
    ) {
        let refusal = state.withLock { state -> Outcome? in
            guard state.end == nil else { return .callEnded }
            guard !state.isExpired, !state.isGivenUp else { return .settled(.failure(.cancelled)) }
            let isTaken = state.settled.contains(question.key) || state.open.contains { $0.key == question.key }
            state.open.append(
                OpenInputRequest(
                    key: isTaken ? "\(question.key)#\(serial)" : question.key,
                    question: question,
                    rule: inbox.policy[question.kind] == .forward ? .forward : .ask,
                    remarks: remarks,
                    serial: serial,
                    continuation: continuation
                )
            )
            return nil
        }
        if let refusal {
            arrive(question)
            return continuation.resume(returning: refusal)
        }
        let deadline = inbox.clock.schedule(at: inbox.clock.now.advanced(by: inbox.life)) { [weak self] in
            self?.expire()
        }
        let former = state.withLock { state in
            defer { state.deadline = deadline }
            return state.deadline
        }
        former?.cancel()
        arrive(question)
    }

    /// Notes that a question was settled or opened, and tells whoever waits once its whole round is.
    private func arrive(_ question: ReceivedInputRequest) {
        let (waiter, open) = state.withLock { state in
            let count = state.arrived[question.round, default: 0] + 1
            state.arrived[question.round] = count < question.count ? count : nil
            guard state.arrived.isEmpty, !state.open.isEmpty else {
                return (nil, []) as (CheckedContinuation<Step, Never>?, [OpenInputRequest])
            }
            defer { state.waiter = nil }
            return (state.waiter, state.open)
        }
        waiter?.resume(returning: .asks(open))
    }

    /// Takes a question out that nobody wants to have answered any more.
    private func withdraw(_ serial: Int) {
        let question = take(where: { $0.serial == serial }).first
        question?.continuation.resume(returning: .settled(.failure(.cancelled)))
    }

    /// Answers questions, each once.
    ///
    /// - Returns: The keys of those that were not open any more.
    func settle(_ replies: [(key: String, reply: InputReply)]) -> [String] {
        // Taken out together first: the answer to one may make the target call the others off.
        let taken = take { question in replies.contains { $0.key == question.key } }
        var late: [String] = []
        for (key, reply) in replies {
            if let question = taken.first(where: { $0.key == key }) {
                question.continuation.resume(returning: .settled(reply.outcome))
            } else {
                late.append(key)
            }
        }
        return late
    }

    /// Nobody answered in time: the questions are cancelled, and so are those that the target still has.
    private func expire() {
        state.withLock { $0.isExpired = $0.isExpired || !$0.open.isEmpty }
        cancelQuestions()
    }

    /// Cancels all questions, those to come too: the connection ends.
    func giveUp() {
        state.withLock { $0.isGivenUp = true }
        cancelQuestions()
    }

    private func cancelQuestions() {
        for question in take(where: { _ in true }) {
            question.continuation.resume(returning: .settled(.failure(.cancelled)))
        }
    }

    private func take(where condition: (OpenInputRequest) -> Bool) -> [OpenInputRequest] {
        let (taken, deadline) = state.withLock { state in
            let taken = state.open.filter(condition)
            state.open.removeAll(where: condition)
            state.settled.formUnion(taken.map(\.key))
            guard state.open.isEmpty else { return (taken, nil) as ([OpenInputRequest], ScheduledAction?) }
            defer { state.deadline = nil }
            return (taken, state.deadline)
        }
        deadline?.cancel()
        return taken
    }

    // MARK: - What the target tells meanwhile

    /// Passes something on to whoever waits.
    func relay(_ body: (CallRelay) -> Void) {
        if let relay = state.withLock({ $0.relay }) { body(relay) }
    }

    /// Takes what the target reports about its progress.
    func onProgress(_ params: JSONText) {
        relay { relay in
            if let object = params.value().object { relay.progress(ProgressParams(json: object)) }
        }
    }
}
