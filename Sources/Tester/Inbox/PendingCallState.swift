import AsyncRuntime
import MCPClient

/// What a pending call knows, as a value: each step changes it and returns what remains to be done outside the lock.
struct PendingCallState {
    typealias OpenInputRequest = PendingCall.OpenInputRequest
    typealias Step = PendingCall.Step
    typealias Outcome = PendingCall.Outcome
    /// The task that waits for the next step.
    ///
    /// It is removed from the state when it is resumed, so it is resumed once.
    typealias Caller = UnsafeContinuation<Step, Never>

    /// How often a server may request input within one call; a server that requests more never finishes.
    static let inputRequestLimit = 50

    /// Whether the call is still working.
    private enum Phase {
        /// The server works on it, or waits for input.
        case running(Caller?)
        /// It has ended; the report is nil once it was returned.
        case ended(Report?)
    }

    /// What happens to input requests that nothing but the user can answer.
    enum Intake {
        /// They are passed on to the user.
        case open
        /// The user did not answer an earlier one in time: they are cancelled.
        case expired
        /// The connection is closing: they are cancelled.
        case closed
    }

    /// What a step leaves to be done once the lock is released.
    struct Effects {
        var caller: Caller?
        var step: Step?
        var resumed: [(request: OpenInputRequest, outcome: Outcome)] = []
        var cancelled: ScheduledAction?
        var onExpiry: (@Sendable () -> Void)?

        func run() {
            cancelled?.cancel()
            for (request, outcome) in resumed { request.continuation.resume(returning: outcome) }
            if let caller, let step { caller.resume(returning: step) }
        }
    }

    private var phase = Phase.running(nil)
    private var intake = Intake.open
    private var plan: InputPlan
    private var findings: [Report.Finding] = []
    private(set) var open: [OpenInputRequest] = []
    private(set) var settled: Set<String> = []
    /// How many input requests of a round have arrived; those that arrive together are shown together.
    private var arrived: [Int: Int] = [:]
    /// How often the server has requested input.
    private(set) var requestCount = 0
    private var deadline: ScheduledAction?
    /// How long the user was asked for input, without the time since ``askedSince``.
    private var asked = Duration.zero
    /// Since when the user is asked for input.
    private var askedSince: ContinuousClock.Instant?
    private var onExpiry: (@Sendable () -> Void)?
    private(set) var relay: (any CallRelay)?

    init(plan: InputPlan, relay: (any CallRelay)?) {
        self.plan = plan
        self.relay = relay
    }

    var hasEnded: Bool {
        if case .ended = phase { true } else { false }
    }

    // MARK: - Steps of the call

    /// The next step if it is known now; otherwise the caller is kept until it is.
    mutating func next(_ caller: Caller, relay newRelay: (any CallRelay)?) -> Step? {
        switch phase {
        case .ended(let report):
            phase = .ended(nil)
            return report.map(Step.ended) ?? .reported
        case .running(.some): return .busy
        case .running(nil):
            if let newRelay { relay = newRelay }
            if !open.isEmpty, arrived.isEmpty { return .needsInput(open) }
            phase = .running(caller)
            return nil
        }
    }

    /// Ends the call with its report, to which the findings of its input requests are added.
    mutating func end(with report: Report, expiryFinding: @autoclosure () -> Report.Finding) -> Effects {
        guard case .running(let caller) = phase else { return Effects() }
        var report = report
        if !findings.isEmpty { report.findings += findings }
        if !plan.answers.isEmpty { report.findings += plan.unusedFindings }
        if case .expired = intake { report.findings.append(expiryFinding()) }
        if requestCount > Self.inputRequestLimit { report.findings.append(Self.tooManyRequests) }
        phase = .ended(caller == nil ? report : nil)
        defer { (open, deadline, relay) = ([], nil, nil) }
        return Effects(
            caller: caller,
            step: .ended(report),
            resumed: open.map { ($0, .callEnded) },
            cancelled: deadline,
            onExpiry: caller == nil ? onExpiry : nil
        )
    }

    private static let tooManyRequests = Report.Finding(
        .protocolError,
        "The server requested input more than \(inputRequestLimit) times within one call; later requests were declined."
    )

    /// Sets what is called when no one collects the report in time.
    ///
    /// - Returns: Whether the call has ended, so that the time begins now.
    mutating func setOnExpiry(_ action: @escaping @Sendable () -> Void) -> Bool {
        onExpiry = action
        return hasEnded
    }

    /// The findings that no report has shown yet.
    mutating func takeFindings() -> [Report.Finding] {
        defer { findings = [] }
        return findings
    }

    mutating func add(_ finding: Report.Finding) {
        findings.append(finding)
    }

    // MARK: - Input requests

    /// Counts an input request and says what the plan has for it.
    mutating func plan(for request: ReceivedInputRequest) -> (choice: InputPlan.Choice, serial: Int) {
        requestCount += 1
        guard case .open = intake else { return (.reply(.refusal(.cancelled)), requestCount) }
        if requestCount > Self.inputRequestLimit {
            return (.reply(.refusal(.declined("too many input requests"))), requestCount)
        }
        return (plan.take(for: request), requestCount)
    }

    /// Opens an input request for the user, under a key that no other request of the call has.
    ///
    /// - Returns: Why it cannot be opened, if it cannot.
    mutating func insert(
        _ request: ReceivedInputRequest,
        serial: Int,
        rule: InputPolicy.Rule,
        remarks: [String],
        continuation: CheckedContinuation<Outcome, Never>,
        at now: ContinuousClock.Instant
    ) -> Outcome? {
        if hasEnded { return .callEnded }
        guard case .open = intake else { return .settled(.failure(.cancelled)) }
        if askedSince == nil { askedSince = now }
        let isTaken = settled.contains(request.key) || open.contains { $0.key == request.key }
        open.append(
            OpenInputRequest(
                key: isTaken ? "\(request.key)#\(serial)" : request.key,
                question: request,
                rule: rule,
                remarks: remarks,
                serial: serial,
                continuation: continuation
            )
        )
        return nil
    }

    /// Sets the deadline of the open input requests, which the newest one renews.
    mutating func setDeadline(_ new: ScheduledAction) -> Effects {
        defer { deadline = open.isEmpty ? nil : new }
        return Effects(cancelled: open.isEmpty ? new : deadline)
    }

    /// Counts an input request as settled or opened, and resumes the caller once its whole round is.
    mutating func arrive(_ request: ReceivedInputRequest) -> Effects {
        let count = arrived[request.round, default: 0] + 1
        arrived[request.round] = count < request.count ? count : nil
        guard arrived.isEmpty, !open.isEmpty, case .running(let caller?) = phase else { return Effects() }
        phase = .running(nil)
        return Effects(caller: caller, step: .needsInput(open))
    }

    /// Removes open input requests.
    mutating func take(
        where condition: (OpenInputRequest) -> Bool,
        at now: ContinuousClock.Instant
    ) -> (requests: [OpenInputRequest], Effects) {
        let taken = open.filter(condition)
        open.removeAll(where: condition)
        settled.formUnion(taken.map(\.key))
        guard open.isEmpty else { return (taken, Effects()) }
        asked = askedTime(at: now)
        askedSince = nil
        defer { deadline = nil }
        return (taken, Effects(cancelled: deadline))
    }

    /// How long the user has been asked for input so far, which is not the target's time.
    func askedTime(at now: ContinuousClock.Instant) -> Duration {
        asked + (askedSince.map { $0.duration(to: now) } ?? .zero)
    }

    /// Cancels the open input requests and those to come.
    mutating func cancelInput(because intake: Intake, at now: ContinuousClock.Instant) -> Effects {
        if case .expired = intake, open.isEmpty { return Effects() }
        if case .open = self.intake { self.intake = intake }
        var (taken, effects) = take(where: { _ in true }, at: now)
        effects.resumed = taken.map { ($0, .settled(.failure(.cancelled))) }
        return effects
    }
}
