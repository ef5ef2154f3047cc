import AsyncRuntime
import JSON
import JSONRPC
import MCP
import MCPClient
import Synchronization

/// A call that an input request of its target may belong to.
protocol OpenCall: AnyObject, Sendable {
    /// Whether the target works on it, rather than waiting for input.
    var isRunning: Bool { get }
    /// Has an input request answered, as long as the call is open.
    func outcome(of request: ReceivedInputRequest) async -> InputOutcome
    /// Passes on what the target reports during the call.
    func relay(_ body: (any CallRelay) -> Void)
    /// Cancels all input requests of the call, present and future: the connection closes.
    func cancelInput()
    /// Waits until it has ended.
    func ended() async
}

/// What becomes of an input request that was given to a call.
enum InputOutcome: Sendable {
    /// It is settled.
    case settled(Result<JSONObject, InputRefusal>)
    /// The call ended first; another call may be the one that the request belongs to.
    case callEnded
}

/// Receives the input requests and change notifications of one target, and knows which calls are open.
final class Inbox: Sendable {
    private struct State {
        var calls: [any OpenCall] = []
        var findings: [Finding] = []
        /// The lists that have changed since they were fetched.
        var changed: Set<ListKind> = []
        /// The changed lists that no report has mentioned yet.
        var unreportedLists: Set<ListKind> = []
        /// The changed resources that no report has mentioned yet, oldest first.
        var unreportedResources: [String] = []
    }

    /// How many changed resources a report mentions at most; `get_events` has the rest.
    private static let updateLimit = 50

    let policy: InputPolicy
    /// The model that responds if the policy says so.
    let model: Model?
    /// How long an input request waits for the user.
    let timeout: Duration
    let clock: any Scheduler
    private let state = Mutex(State())

    init(_ policy: InputPolicy, model: Model?, timeout: Duration, clock: any Scheduler) {
        self.policy = policy
        self.model = model
        self.timeout = timeout
        self.clock = clock
    }

    /// The handlers of a connection; a kind that is off has none, and is not declared.
    var handlers: InputHandlers {
        var handlers = InputHandlers()
        // Waiting for the user has its own limit.
        handlers.pausesLimits = true
        // The root directories of a connection never change.
        handlers.rootsListChanged = false
        for kind in ReceivedInputRequest.Kind.allCases where policy[kind] != .off {
            handlers[kind] = { [weak self] (request) throws(InputRefusal) in
                guard let self else { throw .cancelled }
                return try await resolve(request)
            }
        }
        return handlers
    }

    // MARK: - Calls

    func insert(_ call: any OpenCall) {
        state.withLock { $0.calls.append(call) }
    }

    func remove(_ call: any OpenCall) {
        state.withLock { $0.calls.removeAll { $0 === call } }
    }

    /// The open calls, oldest first.
    var calls: [any OpenCall] { state.withLock { $0.calls } }

    // MARK: - Input requests

    /// Resolves an input request that names no call: over one pipe it may belong to any open call.
    private func resolve(_ request: ReceivedInputRequest) async throws(InputRefusal) -> JSONObject {
        var hadCall = false
        // If the call ends first, the request was not its own: the others are tried.
        while request.request == nil, !Task.isCancelled, let call = likelyCall {
            hadCall = true
            if case .settled(let result) = await call.outcome(of: request) { return try result.get() }
        }
        if hadCall { throw .cancelled }
        if let reply = reply(to: request) { return try reply.outcome.get() }
        // Without roots the list is empty; everything else needs a user.
        if request.kind == .roots { return ["roots": []] }
        let sentence =
            "The server sent \(request.kind.method) while no call was open"
            + (request.message.map { " (\(JSONValue.string($0)))" } ?? "") + "; it was declined."
        state.withLock { $0.findings.append(Finding(.protocolError, sentence)) }
        throw .declined("no call is open")
    }

    /// The call that an input request most likely belongs to: the oldest that the target works on.
    ///
    /// A call that waits for input already would report the request only after that.
    private var likelyCall: (any OpenCall)? {
        let calls = calls
        return calls.first(where: \.isRunning) ?? calls.first
    }

    /// The reply by the policy; `nil` if the user is to be asked.
    func reply(to request: ReceivedInputRequest) -> InputReply? {
        if request.kind == .roots, let roots = policy.givenRoots {
            return .result(["roots": .array(roots.map(JSONValue.object))])
        }
        switch policy[request.kind] {
        case .ask, .forward, .llm: return nil
        case .decline, .off: return .refusal(.declined("the user declined"))
        case .acceptDefaults: return Example.answer(to: request).map(InputReply.result)
        }
    }

    /// The response of the configured model; `nil` if the policy does not use it.
    func modelOutcome(of request: ReceivedInputRequest) async -> Model.Outcome? {
        guard policy[request.kind] == .llm, let model else { return nil }
        return await model.respond(to: request, on: clock)
    }

    // MARK: - Reporting

    /// Removes and returns findings about input requests that belong to no call.
    func takeFindings() -> [Finding] {
        state.withLock { state in
            defer { state.findings = [] }
            return state.findings
        }
    }

    var expiryFinding: Finding {
        Finding(
            .needsInput,
            "No answer was given within \(timeout.seconds): the input request was cancelled, and so was every later one."
        )
    }

    /// Records an event when it comes.
    func record(_ event: EventLog.Entry) {
        switch event.content {
        case .change(.resourcesUpdated, let params):
            guard let uri = params?["uri"]?.string else { return }
            state.withLock { state in
                guard state.unreportedResources.count < Self.updateLimit, !state.unreportedResources.contains(uri)
                else { return }
                state.unreportedResources.append(uri)
            }
        case .change(let name, _):
            guard let kind = ListKind.changed(by: name) else { return }
            state.withLock { state in
                state.changed.formUnion(kind)
                state.unreportedLists.formUnion(kind)
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

    /// Whether anything has changed that no report has mentioned yet.
    var hasUnreportedChanges: Bool {
        state.withLock { !$0.unreportedLists.isEmpty || !$0.unreportedResources.isEmpty }
    }

    /// Removes and returns the changed lists that no report has mentioned yet.
    func takeChanges() -> Set<ListKind> {
        state.withLock { state in
            defer { state.unreportedLists = [] }
            return state.unreportedLists
        }
    }

    /// Removes and returns the changed resources that no report has mentioned yet.
    func takeUpdates() -> [String] {
        state.withLock { state in
            defer { state.unreportedResources = [] }
            return state.unreportedResources
        }
    }

    /// Marks a changed list that was fetched again, but that no report has mentioned yet.
    func markUnreported(_ kind: ListKind) {
        state.withLock { _ = $0.unreportedLists.insert(kind) }
    }

    /// Marks a changed list that could not be fetched again.
    func markOutdated(_ kind: ListKind) {
        state.withLock { _ = $0.changed.insert(kind) }
    }

    /// Marks a list that is about to be fetched: only later changes count.
    func markFetched(_ kind: ListKind) {
        state.withLock { state in
            state.changed.remove(kind)
            state.unreportedLists.remove(kind)
        }
    }
}

extension ListKind {
    /// The lists that a notification reports as changed; `nil` if it is not about lists.
    fileprivate static func changed(by name: NotificationName) -> Set<ListKind>? {
        switch name {
        case .toolsListChanged: [.tools]
        case .promptsListChanged: [.prompts]
        case .resourcesListChanged: [.resources, .resourceTemplates]
        default: nil
        }
    }
}
