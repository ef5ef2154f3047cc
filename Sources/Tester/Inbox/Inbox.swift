import AsyncRuntime
import JSON
import JSONRPC
import MCP
import MCPClient
import Synchronization

/// Where the questions of one target come in: it knows the policy, and which calls are open that they may belong to.
final class Inbox: Sendable {
    private struct State {
        var calls: [PendingCall] = []
        var findings: [Report.Finding] = []
        /// The lists that have changed since they were fetched.
        var changed: Set<ListKind> = []
        /// Those of them that no answer has told yet.
        var untold: Set<ListKind> = []
        /// The resources that have changed without any answer having told so, in the order in which they did.
        var updated: [String] = []
    }

    /// How many changed resources an answer tells at most; `get_events` has the rest.
    private static let updateLimit = 50

    let policy: InputPolicy
    /// Who is asked where the policy says so.
    let model: Model?
    /// How long a question waits for the user.
    let life: Duration
    let clock: any Scheduler
    private let state = Mutex(State())

    init(_ policy: InputPolicy, model: Model?, life: Duration, clock: any Scheduler) {
        self.policy = policy
        self.model = model
        self.life = life
        self.clock = clock
    }

    /// The handlers of a connection; what is off has none, and is not declared.
    var handlers: InputHandlers {
        var handlers = InputHandlers()
        // The user has a limit of their own.
        handlers.pausesLimits = true
        // Our root directories stay as they were told.
        handlers.rootsListChanged = false
        for kind in ReceivedInputRequest.Kind.allCases where policy[kind] != .off {
            handlers[kind] = { [weak self] (question) throws(InputRefusal) in
                guard let self else { throw .cancelled }
                return try await answer(question)
            }
        }
        return handlers
    }

    // MARK: - Calls

    func insert(_ call: PendingCall) {
        state.withLock { $0.calls.append(call) }
    }

    func remove(_ call: PendingCall) {
        state.withLock { $0.calls.removeAll { $0 === call } }
    }

    /// The calls that are open, the oldest first.
    var calls: [PendingCall] { state.withLock { $0.calls } }

    // MARK: - Questions

    /// Answers what no call of ours is known to have caused: over one pipe it may be any that is open.
    private func answer(_ question: ReceivedInputRequest) async throws(InputRefusal) -> JSONObject {
        var hadCaller = false
        // A call that ends while it has the question leaves it to the others, for it was not the call's own.
        while question.request == nil, !Task.isCancelled, let call = likelyCaller {
            hadCaller = true
            if case .settled(let result) = await call.outcome(of: question) { return try result.get() }
        }
        if hadCaller { throw .cancelled }
        if let reply = reply(to: question) { return try reply.outcome.get() }
        // We have no roots, which is an answer; nobody is there to ask for anything else.
        if question.kind == .roots { return ["roots": []] }
        let sentence =
            "The server asked \(question.kind.method) outside of any call that could be answered"
            + (question.message.map { " (\(JSONValue.string($0)))" } ?? "") + "; it was declined."
        state.withLock { $0.findings.append(.init(.protocolError, sentence)) }
        throw .declined("no call is open that this could belong to")
    }

    /// The call that a question most likely comes from: the oldest that the target works on.
    ///
    /// Given to one whose question is open, it would be told to nobody before that one is answered.
    private var likelyCaller: PendingCall? {
        let calls = calls
        return calls.first(where: \.isRunning) ?? calls.first
    }

    /// What the policy answers; nothing where the user is to be asked.
    func reply(to question: ReceivedInputRequest) -> InputReply? {
        if question.kind == .roots, let roots = policy.givenRoots {
            return .result(["roots": .array(roots.map(JSONValue.object))])
        }
        switch policy[question.kind] {
        case .ask, .forward, .llm: return nil
        case .decline, .off: return .refusal(.declined("the user declined"))
        case .acceptDefaults: return Example.answer(to: question).map(InputReply.result)
        }
    }

    /// What our model answers; nothing where it is not to be asked.
    func modelOutcome(of question: ReceivedInputRequest) async -> Model.Outcome? {
        guard policy[question.kind] == .llm, let model else { return nil }
        return await model.answer(question, on: clock)
    }

    // MARK: - What is told

    /// Findings about questions that belong to no call, each told once.
    func takeFindings() -> [Report.Finding] {
        state.withLock { state in
            defer { state.findings = [] }
            return state.findings
        }
    }

    var expiryFinding: Report.Finding {
        Report.Finding(
            .needsInput,
            "Nobody answered within \(life.seconds): the question was answered as cancelled, and so was all that the "
                + "server asked after it."
        )
    }

    /// Takes each event when it comes.
    func note(_ event: EventLog.Entry) {
        switch event.content {
        case .change(.resourcesUpdated, let params):
            guard let uri = params?["uri"]?.string else { return }
            state.withLock { state in
                guard state.updated.count < Self.updateLimit, !state.updated.contains(uri) else { return }
                state.updated.append(uri)
            }
        case .change(let name, _):
            guard let kind = ListKind.changed(by: name) else { return }
            state.withLock { state in
                state.changed.formUnion(kind)
                state.untold.formUnion(kind)
            }
        case .log(let params):
            guard let object = params.value().object else { return }
            for call in calls { call.relay { $0.log(LogMessageParams(json: object)) } }
        default: break
        }
    }

    /// Whether a list has changed since it was fetched.
    func hasChanged(_ kind: ListKind) -> Bool {
        state.withLock { $0.changed.contains(kind) }
    }

    /// The lists that have changed, each change told once.
    func takeChanges() -> Set<ListKind> {
        state.withLock { state in
            defer { state.untold = [] }
            return state.untold
        }
    }

    /// The resources that have changed, each change told once.
    func takeUpdates() -> [String] {
        state.withLock { state in
            defer { state.updated = [] }
            return state.updated
        }
    }

    /// A list that has changed could not be fetched.
    func markOutdated(_ kind: ListKind) {
        state.withLock { _ = $0.changed.insert(kind) }
    }

    /// A list is about to be fetched: changes count from here on.
    func markFetched(_ kind: ListKind) {
        state.withLock { state in
            state.changed.remove(kind)
            state.untold.remove(kind)
        }
    }
}

extension ListKind {
    /// The lists that a notification says have changed; nothing if it says nothing of lists.
    fileprivate static func changed(by name: NotificationName) -> Set<ListKind>? {
        switch name {
        case .toolsListChanged: [.tools]
        case .promptsListChanged: [.prompts]
        case .resourcesListChanged: [.resources, .resourceTemplates]
        default: nil
        }
    }
}
