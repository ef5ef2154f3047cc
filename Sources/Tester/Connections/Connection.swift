import AsyncRuntime
import JSON
package import JSONRPC
import MCP
public import MCPClient
import MCPTransport
import Synchronization

/// A named connection to a target, with what is known about it.
public final class Connection: Sendable {
    /// The name by which the user addresses it.
    public let name: String
    /// The random id by which every session of the same principal can address it.
    public let id: String
    /// How it was opened, credentials included, so that it can be opened again.
    package let request: TesterSession.ConnectRequest
    /// The protocol client.
    public let client: Client
    /// When it was made, in UTC as ISO 8601.
    public let connectedAt: String

    /// What a verdict says of it at its end: its name, unless it is the default one, and cautions.
    let context: String
    /// The target's name as JSON, which every report of a call contains.
    let targetName: JSONText
    /// The facts about it that every report has: an object, encoded.
    let encodedFacts: JSONText
    let inbox: Inbox
    /// Where its calls resume after waiting.
    let executor: (any TaskExecutor)?
    let clock: any TesterClock
    let madeAt: ContinuousClock.Instant
    /// How long connecting took, the start of a process included.
    let connectTime: Duration
    /// Closes it when it is idle; `nil` if it ends with its session.
    let idleWatch: IdleWatch?
    /// The file that its process runs, as it was when the process started.
    let targetFile: TargetFile?
    /// The connection that it replaced in a restart, as far as the new one takes over from it.
    let heritage: Heritage
    private let state: Mutex<State>

    private struct State {
        var statistics = Statistics()
        var surfaces: [ListKind: Surface] = [:]
        var subscriptions: [(number: Int, subscription: Subscription)] = []
        var subscriptionCount = 0
        /// The calls that became tasks, by task id.
        var tasks: [String: (tool: String, arguments: JSONText?)] = [:]
        /// The number of the last event that was checked for findings.
        var reportedCount = 0
        /// The last call that failed, which a restart can repeat.
        var lastFailure: FailedCall?
        /// The lists that were fetched again, and that no report has mentioned yet.
        var secondListings: [ListKind: SecondListing] = [:]
        /// The requests that timed out.
        var timedOut: [OpenRequest] = []
        var silence: Silence?
        /// Why the server was stopped and does not run again, if changed files restarted it.
        var failedRestart: String?
        /// The restart that changed files caused, until a report has mentioned it.
        var unreportedRestart: AutomaticRestart?
        /// The numbers of requests that repeated a call of the user silently.
        var silentRequests: Set<Int> = []
    }

    /// What a connection takes over from the one that it replaces in a restart.
    struct Heritage: Sendable {
        /// What was done on it before.
        var statistics = Statistics()
        /// The last call that failed.
        var lastFailure: FailedCall?
        /// How often it was restarted.
        var restarts = 0
        /// The restart by changed files.
        var automatic: AutomaticRestart?
    }

    init(
        id: String,
        request: TesterSession.ConnectRequest,
        client: Client,
        inbox: Inbox,
        executor: (any TaskExecutor)?,
        clock: any TesterClock,
        began: ContinuousClock.Instant,
        idleWatch: IdleWatch? = nil,
        targetFile: TargetFile? = nil,
        heritage: Heritage = Heritage()
    ) {
        self.id = id
        name = request.name
        self.request = request
        self.client = client
        self.inbox = inbox
        self.executor = client.link.transport.executor ?? executor
        self.clock = clock
        self.idleWatch = idleWatch
        self.targetFile = targetFile
        self.heritage = heritage
        state = Mutex(
            State(
                statistics: heritage.statistics,
                lastFailure: heritage.lastFailure,
                unreportedRestart: heritage.automatic
            )
        )
        connectedAt = clock.timestamp
        madeAt = clock.now
        connectTime = began.duration(to: madeAt)
        let parts = [name == "default" ? nil : "connection \"\(name)\"", request.target.caution].compactMap(\.self)
        context = parts.isEmpty ? "" : " (\(parts.joined(separator: ", ")))"
        targetName = JSONText(.string(request.target.name))
        encodedFacts = JSONText([
            "connection_name": .string(name),
            "protocol_version": .string(client.revision.wireName),
            "transport": .string(client.link.transport.kind.rawValue),
        ])
    }

    /// The server under test.
    public var target: Target { request.target }

    /// Counts what was done on a connection.
    public struct Statistics: Sendable, Hashable {
        /// Calls of tools.
        public var toolsCalled = 0
        /// Reads of resources.
        public var resourcesAccessed = 0
        /// Prompts filled in.
        public var promptsExecuted = 0
        /// Failed operations of any kind.
        public var errors = 0

        /// Writes what ``json`` has.
        func write(to writer: inout JSONWriter) {
            writer.beginObject()
            writer.key("tools_called")
            writer.write(toolsCalled)
            writer.key("resources_accessed")
            writer.write(resourcesAccessed)
            writer.key("prompts_executed")
            writer.write(promptsExecuted)
            writer.key("errors")
            writer.write(errors)
            writer.endObject()
        }

        var json: JSONObject {
            [
                "tools_called": JSONValue(toolsCalled),
                "resources_accessed": JSONValue(resourcesAccessed),
                "prompts_executed": JSONValue(promptsExecuted),
                "errors": JSONValue(errors),
            ]
        }
    }

    /// What was done on it so far.
    public var statistics: Statistics { state.withLock { $0.statistics } }

    func count(_ change: (inout Statistics) -> Void) {
        state.withLock { change(&$0.statistics) }
    }

    /// The list as fetched before; `nil` if it was not, or if the server has reported a change since.
    package func surface(_ kind: ListKind) -> Surface? {
        inbox.hasChanged(kind) ? nil : formerSurface(kind)
    }

    /// The list as fetched before, even if it has changed since.
    func formerSurface(_ kind: ListKind) -> Surface? {
        state.withLock { $0.surfaces[kind] }
    }

    /// The subscriptions by the numbers that users know.
    var subscriptions: [(number: Int, subscription: Subscription)] { state.withLock { $0.subscriptions } }

    /// Adds a subscription and returns its number.
    func add(_ subscription: Subscription) -> Int {
        state.withLock { state in
            state.subscriptionCount += 1
            state.subscriptions.append((state.subscriptionCount, subscription))
            return state.subscriptionCount
        }
    }

    /// Remembers the call that became a task.
    func keepTask(_ id: String, tool: String, arguments: JSONText?) {
        state.withLock { $0.tasks[id] = (tool, arguments) }
    }

    func task(_ id: String) -> (tool: String, arguments: JSONText?)? {
        state.withLock { $0.tasks[id] }
    }

    /// The last call that failed.
    var lastFailure: FailedCall? { state.withLock { $0.lastFailure } }

    func keep(_ failure: FailedCall) {
        // What the user cancelled did not fail.
        guard failure.failureClass != .cancelled else { return }
        state.withLock { $0.lastFailure = failure }
    }

    func keep(_ listing: SecondListing, of kind: ListKind) {
        state.withLock { $0.secondListings[kind] = listing }
    }

    /// Removes and returns the outcome of listing again, if no report has mentioned it yet.
    func takeSecondListing(_ kind: ListKind) -> SecondListing? {
        state.withLock { $0.secondListings.removeValue(forKey: kind) }
    }

    var timedOut: [OpenRequest] { state.withLock { $0.timedOut } }

    /// Remembers a request that timed out.
    func noteTimeout(_ request: OpenRequest) {
        state.withLock { state in
            state.timedOut = state.timedOut.suffix(Self.timeoutLimit - 1) + [request]
        }
    }

    var notedSilence: Silence? { state.withLock { $0.silence } }

    func note(_ silence: Silence) {
        state.withLock { $0.silence = silence }
    }

    /// Why the server was stopped and does not run again, as a clause after "was stopped".
    var failedRestart: String? { state.withLock { $0.failedRestart } }

    /// Why the server no longer runs; nil if it does.
    var endReason: String? {
        guard let end = client.link.end else { return nil }
        return failedRestart.map { "the server was stopped \($0)" } ?? end.reason
    }

    func noteFailedRestart(_ reason: String) {
        state.withLock { $0.failedRestart = reason }
    }

    /// Removes and returns the restart by changed files that no report has mentioned yet.
    func takeRestart() -> AutomaticRestart? {
        // Few connections have one: no lock is taken for the others.
        guard heritage.automatic != nil else { return nil }
        return state.withLock { $0.unreportedRestart.take() }
    }

    var silentRequests: Set<Int> { state.withLock { $0.silentRequests } }

    /// Remembers requests that are not calls of the user.
    package func noteSilent(_ requests: [RequestID]) {
        let numbers = requests.compactMap { id in
            if case .integer(let number) = id { Int(exactly: number) } else { nil }
        }
        state.withLock { $0.silentRequests.formUnion(numbers) }
    }

    func forget(_ numbers: Set<Int>) {
        state.withLock { $0.subscriptions.removeAll { numbers.contains($0.number) } }
    }

    package func keep(_ surface: Surface, as kind: ListKind) {
        state.withLock { $0.surfaces[kind] = surface }
    }

    /// Removes and returns the faults of the target that no report has mentioned yet.
    package func takeFindings() -> [Finding] {
        let observations = client.link.observations
        let mark = state.withLock { state in
            defer { state.reportedCount = observations.count }
            return state.reportedCount
        }
        let own = inbox.takeFindings()
        let found = Evidence.findings(on: client.link, since: mark)
        return own.isEmpty ? found : found + own
    }

    /// The time since it was made.
    var age: Duration { madeAt.duration(to: clock.now) }

    /// The members of ``json`` that the text of a report has: those of the first mcp-test-mcp.
    static let keysInText: Set<String> = [
        "server_url", "transport", "connected_at", "server_info", "statistics", "headers_provided", "auth_type",
    ]

    /// The description that users of the first mcp-test-mcp know, with more members.
    var json: JSONObject {
        let info = client.serverInfo
        let capabilities = client.capabilities.json
        var object: JSONObject = [
            "server_url": .string(target.name),
            "transport": .string(client.link.transport.kind.rawValue),
            "connected_at": .string(connectedAt),
            "server_info": [
                "name": info?.name.map(JSONValue.string) ?? nil,
                "version": info?.version.map(JSONValue.string) ?? nil,
                "capabilities": [
                    "tools": .bool(capabilities["tools"] != nil),
                    "resources": .bool(capabilities["resources"] != nil),
                    "prompts": .bool(capabilities["prompts"] != nil),
                ],
            ],
            "statistics": .object(statistics.json),
            "headers_provided": .bool(target.headersProvided),
            "auth_type": target.authType.map(JSONValue.string) ?? nil,
            "name": .string(name),
            "connection_id": .string(id),
            "idle_timeout_seconds": idleWatch.map { JSONValue($0.limit.wholeSeconds) } ?? nil,
            "protocol_version": .string(client.revision.wireName),
            "protocol_reason": .string(client.verdict.reason),
            "target": .object(target.json),
        ]
        if heritage.restarts > 0 { object["restarts"] = JSONValue(heritage.restarts) }
        if let endReason { object["ended"] = .string(endReason) }
        return object
    }
}

extension Duration {
    /// The seconds without their fraction.
    var wholeSeconds: Int { Int(components.seconds) }
}
