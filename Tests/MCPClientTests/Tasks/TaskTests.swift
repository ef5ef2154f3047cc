import JSON
import JSONRPC
import MCP
import MCPClient
import Synchronization
import TestSupport
import Testing

/// Tasks have one face: the experiment of 2025-11-25 and the extension of 2026-07-28.
@Suite(.timeLimit(.minutes(5)))
struct TaskTests {
    private static let times = #""createdAt":"2026-01-01T00:00:00Z","lastUpdatedAt":"2026-01-01T00:00:00Z""#

    // MARK: - The extension

    private static func flat(_ status: String, _ more: String = "", type: String = "complete") -> String {
        #"{"resultType":"\#(type)","taskId":"t1","status":"\#(status)",\#(times),"ttlMs":60000,"pollIntervalMs":500\#(more)}"#
    }

    /// A modern server whose call becomes a task that is told in these steps.
    private func modern(clock: FakeClock, steps: [String]) -> TalkingServer {
        let count = Atomic<Int>(0)
        return TalkingServer(.latest, clock: clock) { server, message in
            switch message["method"] {
            case "tools/call": server.answer(message, Self.flat("working", type: "task"))
            case "tasks/get":
                let index = count.add(1, ordering: .relaxed).oldValue
                server.answer(message, steps[min(index, steps.count - 1)])
            case "tasks/update", "tasks/cancel": server.answer(message, #"{"resultType":"complete"}"#)
            default: break
            }
        }
    }

    @Test func aCallThatDeclaresTheExtensionCanBecomeATask() async throws {
        let clock = FakeClock()
        let server = modern(clock: clock, steps: [Self.flat("completed", #","result":{"content":[],"isError":true}"#)])
        let client = try await server.connect()
        guard case .task(let task, _) = try await client.startTool("t") else { return #expect(Bool(false)) }
        #expect(task.id == "t1")
        #expect(task.status == .working)
        #expect(task.pollInterval == .milliseconds(500))
        #expect(task.ttl == .seconds(60))
        let outcome = try await client.awaitTask(task)
        guard case .result(let result) = outcome.end else { return #expect(Bool(false), "\(outcome)") }
        #expect(result.description == #"{"content":[],"isError":true}"#)
        for method in ["tools/call", "tasks/get"] {
            let sent = try #require(try server.requests(method).first)
            let declared = sent["params"]?["_meta"]?["io.modelcontextprotocol/clientCapabilities"]
            #expect(declared?["extensions"] == ["io.modelcontextprotocol/tasks": [:]], "\(sent)")
            #expect(sent["params"]?["task"] == nil)
        }
        #expect(client.faults.isEmpty)
    }

    @Test func aPlainCallDeclaresNoTasksAndMustNotBecomeOne() async throws {
        let server = modern(clock: FakeClock(), steps: [])
        let client = try await server.connect()
        let failure = try await #require(throws: CallError.self) { try await client.callTool("t") }
        guard case .invalid(let reason, _) = failure.cause else { return #expect(Bool(false), "\(failure)") }
        #expect(reason.contains("did not declare the tasks extension"))
        let sent = try #require(try server.requests("tools/call").first)
        #expect(sent["params"]?["_meta"]?["io.modelcontextprotocol/clientCapabilities"] == [:])
    }

    @Test func aCallThatDeclaresTasksCanCompleteAtOnce() async throws {
        let server = TalkingServer(.latest) { server, message in
            server.answer(message, #"{"resultType":"complete","content":[]}"#)
        }
        guard case .complete = try await server.connect().startTool("t") else { return #expect(Bool(false)) }
    }

    @Test func thePollIntervalIsRespected() async throws {
        let clock = FakeClock()
        let server = modern(
            clock: clock,
            steps: [Self.flat("working"), Self.flat("working"), Self.flat("completed", #","result":{}"#)]
        )
        let client = try await server.connect()
        guard case .task(let task, _) = try await client.startTool("t") else { return #expect(Bool(false)) }
        let statuses = Notebook<TaskStatus?>()
        let pending = clock.pendingCount
        let waiting = Task { try await client.awaitTask(task, onStatus: { statuses.add($0.status) }) }
        for round in 1...2 {
            _ = try await server.inbox.next("tasks/get")
            await clock.untilPending(pending + 1)
            clock.advance(by: .milliseconds(499))
            #expect(try server.requests("tasks/get").count == round)
            clock.advance(by: .milliseconds(1))
        }
        _ = try await waiting.value
        #expect(statuses.all == [.working, .working, .completed])
        #expect(try server.requests("tasks/get").count == 3)
    }

    @Test func eachInputRequestIsAnsweredOnce() async throws {
        let form =
            #"{"method":"elicitation/create","params":{"message":"?","requestedSchema":{"type":"object","properties":{}}}}"#
        let clock = FakeClock(isEager: true)
        let server = modern(
            clock: clock,
            steps: [
                Self.flat("input_required", #","inputRequests":{"a":\#(form)}"#),
                Self.flat("input_required", #","inputRequests":{"a":\#(form),"b":\#(form)}"#),
                Self.flat("completed", #","result":{}"#),
            ]
        )
        let asked = Notebook<ReceivedInputRequest>()
        let client = try await server.connect {
            $0.limits = ConnectionLimits(request: nil, idle: nil, total: nil)
            $0.input.elicitation = { question in
                asked.add(question)
                return ["action": "decline"]
            }
        }
        guard case .task(let task, _) = try await client.startTool("t") else { return #expect(Bool(false)) }
        _ = try await client.awaitTask(task)
        #expect(asked.all.map(\.key) == ["a", "b"])
        #expect(asked.all.allSatisfy { $0.origin == .task("t1") })
        let updates = try server.requests("tasks/update").map { $0["params"]?["inputResponses"] }
        #expect(updates == [["a": ["action": "decline"]], ["b": ["action": "decline"]]])
    }

    @Test(arguments: [
        (#","error":{"code":-32603,"message":"broken"}"#, "failed", -32603 as Int?), ("", "cancelled", nil),
        ("", "failed", nil),
    ])
    func aTaskCanEndWithoutAResult(_ more: String, _ status: String, _ code: Int?) async throws {
        let server = modern(clock: FakeClock(), steps: [Self.flat(status, more)])
        let client = try await server.connect()
        guard case .task(let task, _) = try await client.startTool("t") else { return #expect(Bool(false)) }
        let outcome = try await client.awaitTask(task)
        switch outcome.end {
        case .error(let error): #expect(error.code == code)
        case .cancelled: #expect(status == "cancelled")
        case .failed: #expect(status == "failed" && code == nil)
        case .result: #expect(Bool(false), "\(outcome)")
        }
    }

    @Test func aTaskIsCancelledByItsOwnRequest() async throws {
        let server = modern(clock: FakeClock(), steps: [])
        let client = try await server.connect()
        guard case .task(let task, _) = try await client.startTool("t") else { return #expect(Bool(false)) }
        #expect(try await client.cancelTask(task.id) == nil)
        #expect(try server.requests("tasks/cancel").map { $0["params"]?["taskId"] } == ["t1"])
        #expect(try server.requests("notifications/cancelled").isEmpty)
    }

    @Test func waitingForATaskEndsAtItsLimit() async throws {
        let clock = FakeClock()
        let server = modern(clock: clock, steps: [Self.flat("working")])
        let client = try await server.connect()
        guard case .task(let task, _) = try await client.startTool("t") else { return #expect(Bool(false)) }
        let pending = clock.pendingCount
        let waiting = Task { try await client.awaitTask(task, limit: .milliseconds(700)) }
        for milliseconds in [500, 200] {
            _ = try await server.inbox.next("tasks/get")
            await clock.untilPending(pending + 1)
            clock.advance(by: .milliseconds(milliseconds))
        }
        let failure = try await #require(throws: CallError.self) { try await waiting.value }
        guard case .failed(.timeout(.total, _)) = failure.cause else { return #expect(Bool(false), "\(failure)") }
    }

    // MARK: - 2025-11-25

    private static let core = #"{"tools":{},"tasks":{"requests":{"tools":{"call":{}}},"cancel":{}}}"#

    private static func task(_ status: String) -> String {
        #"{"taskId":"t1","status":"\#(status)",\#(times),"ttl":null,"pollInterval":500}"#
    }

    private func legacy(clock: FakeClock, steps: [String], capabilities: String = core) -> TalkingServer {
        let count = Atomic<Int>(0)
        return TalkingServer(.v2025_11_25, clock: clock, capabilities: capabilities) { server, message in
            switch message["method"] {
            case "tools/call":
                let isTask = message["params"]?["task"] != nil
                server.answer(message, isTask ? #"{"task":\#(Self.task("working"))}"# : #"{"content":[]}"#)
            case "tasks/get":
                let index = count.add(1, ordering: .relaxed).oldValue
                server.answer(message, Self.task(steps[min(index, steps.count - 1)]))
            case "tasks/result": server.answer(message, #"{"content":[],"x":1.0}"#)
            case "tasks/cancel": server.answer(message, Self.task("cancelled"))
            default: break
            }
        }
    }

    private static let willing = ToolExecution(json: ["taskSupport": "optional"])

    @Test func aTaskIsRequestedIfServerAndToolAllowIt() async throws {
        let server = legacy(clock: FakeClock(), steps: ["completed"])
        let client = try await server.connect()
        let outcome = try await client.startTool("t", execution: Self.willing, ttl: .seconds(5))
        guard case .task(let task, _) = outcome else { return #expect(Bool(false), "\(outcome)") }
        #expect(task.ttl == nil)
        #expect(try server.requests("tools/call").first?["params"]?["task"] == ["ttl": 5000])
        let end = try await client.awaitTask(task)
        guard case .result(let result) = end.end else { return #expect(Bool(false), "\(end)") }
        #expect(result.description == #"{"content":[],"x":1.0}"#)
        #expect(try await client.cancelTask("t1")?.status == .cancelled)
    }

    @Test(arguments: [
        ("forbidden", core), (nil, core), ("optional", #"{"tools":{}}"#), ("required", #"{"tools":{},"tasks":{}}"#),
    ])
    func noTaskIsRequestedIfServerOrToolDoNotAllowIt(_ support: String?, _ capabilities: String) async throws {
        let server = legacy(clock: FakeClock(), steps: [], capabilities: capabilities)
        let client = try await server.connect()
        let execution = support.map { ToolExecution(json: ["taskSupport": .string($0)]) }
        guard case .complete = try await client.startTool("t", execution: execution) else {
            return #expect(Bool(false))
        }
        #expect(try server.requests("tools/call").first?["params"]?["task"] == nil)
    }

    @Test func aTaskThatRequiresInputRequestsItWhileItsResultIsAwaited() async throws {
        let held = Mutex<JSONValue>(nil)
        let steps = Atomic<Int>(0)
        let server = TalkingServer(.v2025_11_25, capabilities: Self.core) { server, message in
            switch message["method"] {
            case "tools/call": server.answer(message, #"{"task":\#(Self.task("working"))}"#)
            case "tasks/get":
                let isFirst = steps.add(1, ordering: .relaxed).oldValue == 0
                server.answer(message, Self.task(isFirst ? "input_required" : "completed"))
            case "tasks/result":
                held.withLock { $0 = message }
                server.ask("roots/list")
            case nil: server.answer(held.withLock { $0 }, #"{"content":[],"said":\#(message)}"#)
            default: break
            }
        }
        let client = try await server.connect { $0.input = .willing }
        let started = try await client.startTool("t", execution: Self.willing)
        guard case .task(let task, _) = started else { return #expect(Bool(false), "\(started)") }
        let outcome = try await client.awaitTask(task)
        guard case .result(let result) = outcome.end else { return #expect(Bool(false), "\(outcome)") }
        #expect(result["said"]?["result"]?["roots"] != nil)
        #expect(outcome.task.status == .completed)
    }

    @Test func anOlderRevisionHasNoTasks() async throws {
        let server = TalkingServer(.v2025_06_18) { server, message in server.answer(message, #"{"content":[]}"#) }
        let client = try await server.connect()
        guard case .complete = try await client.startTool("t", execution: Self.willing) else {
            return #expect(Bool(false))
        }
        #expect(try server.requests("tools/call").first?["params"]?["task"] == nil)
    }
}
