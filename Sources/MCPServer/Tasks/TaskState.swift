import AsyncRuntime
import JSON
import MCP
import TextUtilities

/// The state of a task, as a value.
///
/// Steps never call out. What they cause is collected in ``Effects``, for the owner to carry out after the lock is released.
struct TaskState {
    private enum Phase {
        case working
        case waiting(InputRound)
        case ended(TaskSnapshot.Outcome)
    }

    /// The consequences of a step.
    struct Effects {
        /// Whether the visible status changed.
        var hasNewStatus = false
        /// The latch of everyone who waits for a change.
        var change: Latch<Void>?
        /// The round that is over, and the responses for the handler: nil if the task has ended.
        var finishedRound: (completion: Latch<JSONObject?>, responses: JSONObject?)?
        /// The work to cancel.
        var cancelledWork: Task<Void, Never>?
    }

    /// What a `tasks/result` request does next.
    enum ResultStep {
        /// Return the outcome.
        case finish(TaskSnapshot.Outcome)
        /// Send these input requests to the client. No other request sends them at the same time.
        case send([KeyedInputRequest])
        /// Wait for a change.
        case wait(Latch<Void>)
    }

    private var base: TaskSnapshot
    private var phase = Phase.working
    private var usedKeys: Set<String> = []
    private var work: Task<Void, Never>?
    private var nextChange = Latch<Void>()
    private var effects = Effects()

    init(_ snapshot: TaskSnapshot) {
        base = snapshot
    }

    /// The task as its client sees it.
    var snapshot: TaskSnapshot {
        var snapshot = base
        switch phase {
        case .working: snapshot.phase = .working
        case .waiting(let round): snapshot.phase = .inputRequired(round.open)
        case .ended(let outcome): snapshot.phase = .ended(outcome)
        }
        return snapshot
    }

    mutating func takeEffects() -> Effects {
        defer { effects = Effects() }
        return effects
    }

    /// Stores the work, which may already be cancelled.
    mutating func start(_ work: Task<Void, Never>) {
        self.work = work
        if case .ended = phase { effects.cancelledWork = work }
    }

    /// Opens a round of input requests.
    ///
    /// - Returns: a latch for the responses, or nil if the task has ended.
    mutating func request(_ requests: [KeyedInputRequest]) -> Latch<JSONObject?>? {
        if case .ended = phase { return nil }
        let round = InputRound(requests, usedKeys: &usedKeys)
        phase = .waiting(round)
        noteChange()
        return round.completion
    }

    /// Takes responses to open input requests.
    ///
    /// Others are ignored.
    mutating func respond(_ responses: JSONObject) {
        guard case .waiting(var round) = phase, round.respond(responses) else { return }
        if round.open.isEmpty {
            phase = .working
            effects.finishedRound = (round.completion, round.responses)
        } else {
            phase = .waiting(round)
        }
        noteChange()
    }

    /// Ends the task, unless it has ended.
    mutating func end(_ outcome: TaskSnapshot.Outcome) -> Bool {
        if case .ended = phase { return false }
        if case .waiting(let round) = phase { effects.finishedRound = (round.completion, nil) }
        if case .cancelled = outcome { effects.cancelledWork = work }
        phase = .ended(outcome)
        noteChange()
        return true
    }

    mutating func nextResultStep() -> ResultStep {
        switch phase {
        case .ended(let outcome): return .finish(outcome)
        case .waiting(var round) where !round.isBeingSent:
            round.isBeingSent = true
            phase = .waiting(round)
            return .send(round.open)
        case .working, .waiting: return .wait(nextChange)
        }
    }

    /// Lets another `tasks/result` request send the input requests.
    mutating func releaseRound() {
        guard case .waiting(var round) = phase else { return }
        round.isBeingSent = false
        phase = .waiting(round)
        openNextChange()
    }

    private mutating func noteChange() {
        base.updatedAt = Timestamp.now
        effects.hasNewStatus = true
        openNextChange()
    }

    private mutating func openNextChange() {
        effects.change = nextChange
        nextChange = Latch()
    }
}

/// One round of input requests of a task.
private struct InputRound {
    /// The requests without a response.
    private(set) var open: [KeyedInputRequest]
    /// The responses so far, by the handler's keys.
    private(set) var responses: JSONObject = [:]
    /// Whether a `tasks/result` request is sending the input requests.
    var isBeingSent = false
    let completion = Latch<JSONObject?>()

    /// The handler's keys by the keys that the client sees.
    private let handlerKeys: [String: String]

    init(_ requests: [KeyedInputRequest], usedKeys: inout Set<String>) {
        var open: [KeyedInputRequest] = []
        var handlerKeys: [String: String] = [:]
        for (handlerKey, request) in requests {
            let key = usedKeys.insertUnique(handlerKey)
            handlerKeys[key] = handlerKey
            open.append((key, request))
        }
        self.open = open
        self.handlerKeys = handlerKeys
    }

    /// Takes responses and returns whether one of them was open.
    mutating func respond(_ newResponses: JSONObject) -> Bool {
        let stillOpen = open.filter { newResponses[$0.key] == nil }
        guard stillOpen.count < open.count else { return false }
        for (key, _) in open {
            if let response = newResponses[key], let handlerKey = handlerKeys[key] { responses[handlerKey] = response }
        }
        open = stillOpen
        return true
    }
}

extension Set<String> {
    /// Inserts a string, with a number appended if it is taken, and returns what was inserted.
    fileprivate mutating func insertUnique(_ string: String) -> String {
        var candidate = string
        var number = 2
        while !insert(candidate).inserted {
            candidate = "\(string)-\(number)"
            number += 1
        }
        return candidate
    }
}
