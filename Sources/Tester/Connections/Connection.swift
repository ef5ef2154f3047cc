import AsyncRuntime
import JSON
import MCP
public import MCPClient
import MCPTransport
import Synchronization

/// A named, live link to a target, with what is known about it.
public final class Connection: Sendable {
    /// The name by which the user addresses it.
    public let name: String
    /// The id by which every session and request of the same principal can address it; nobody can guess it.
    public let id: String
    /// The server under test.
    public let target: Target
    /// The client that speaks to it.
    public let client: Client
    /// When it was made, in Coordinated Universal Time.
    public let connectedAt: String

    /// How it is named in a verdict.
    let label: String
    let inbox: Inbox
    /// Where its calls go on after they have waited.
    let executor: (any TaskExecutor)?
    let clock: any TesterClock
    let madeAt: ContinuousClock.Instant
    /// Sees to it that it ends when nobody uses it, where it belongs to no session that ends.
    let idleWatch: IdleWatch?
    private let state = Mutex(State())

    private struct State {
        var statistics = Statistics()
        var surfaces: [ListKind: Surface] = [:]
        var subscriptions: [(number: Int, subscription: Subscription)] = []
        var subscriptionCount = 0
        /// The calls that became tasks, by the names of the tasks.
        var tasks: [String: (tool: String, arguments: JSONText?)] = [:]
        /// How many observations were looked through for findings.
        var toldCount = 0
    }

    init(
        id: String,
        name: String,
        target: Target,
        client: Client,
        inbox: Inbox,
        executor: (any TaskExecutor)?,
        clock: any TesterClock,
        idleWatch: IdleWatch? = nil
    ) {
        self.id = id
        self.name = name
        self.target = target
        self.client = client
        self.inbox = inbox
        self.executor = client.link.transport.executor ?? executor
        self.clock = clock
        self.idleWatch = idleWatch
        connectedAt = clock.timestamp
        madeAt = clock.now
        let caution = target.caution.map { ", \($0)" } ?? ""
        label =
            "connection \"\(name)\", \(client.revision.wireName) over \(client.link.transport.kind.rawValue)\(caution)"
    }

    /// What was done on a connection.
    public struct Statistics: Sendable, Hashable {
        /// Calls of tools.
        public var toolsCalled = 0
        /// Reads of resources.
        public var resourcesAccessed = 0
        /// Prompts filled in.
        public var promptsExecuted = 0
        /// Questions that failed, of any kind.
        public var errors = 0

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

    /// What was listed on this connection before, if it was and the server has not said that it changed since.
    func surface(_ kind: ListKind) -> Surface? {
        inbox.hasChanged(kind) ? nil : formerSurface(kind)
    }

    /// What was listed on this connection before, however things stand now.
    func formerSurface(_ kind: ListKind) -> Surface? {
        state.withLock { $0.surfaces[kind] }
    }

    /// What the server was asked to tell about, by the numbers that users know.
    var subscriptions: [(number: Int, subscription: Subscription)] { state.withLock { $0.subscriptions } }

    /// Keeps a subscription and gives it its number.
    func add(_ subscription: Subscription) -> Int {
        state.withLock { state in
            state.subscriptionCount += 1
            state.subscriptions.append((state.subscriptionCount, subscription))
            return state.subscriptionCount
        }
    }

    /// Remembers which call became a task.
    func keepTask(_ id: String, tool: String, arguments: JSONText?) {
        state.withLock { $0.tasks[id] = (tool, arguments) }
    }

    func task(_ id: String) -> (tool: String, arguments: JSONText?)? {
        state.withLock { $0.tasks[id] }
    }

    func forget(_ numbers: Set<Int>) {
        state.withLock { $0.subscriptions.removeAll { numbers.contains($0.number) } }
    }

    func keep(_ surface: Surface, as kind: ListKind) {
        state.withLock { $0.surfaces[kind] = surface }
    }

    /// Faults of the target that no answer has told yet; each is told once, also one that came between two questions.
    func newFindings() -> [Report.Finding] {
        let observations = client.link.observations
        let mark = state.withLock { state in
            defer { state.toldCount = observations.count }
            return state.toldCount
        }
        return Evidence.findings(on: client.link, since: mark) + inbox.takeFindings()
    }

    /// The time since it was made.
    var age: Duration { madeAt.duration(to: clock.now) }

    /// The description of a connection that users know, and what is new beside it.
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
        if let end = client.link.end { object["ended"] = .string(end.reason) }
        return object
    }
}

extension Duration {
    /// The seconds without their fraction.
    var wholeSeconds: Int { Int(components.seconds) }
}
