import JSON
import JSONRPC
import MCP
import MCPServer
import MCPTransport
import Synchronization
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(15)))
struct HandlerTests {
    private var server = Server(info: Implementation(name: "s", version: "1"))

    // MARK: - Order

    @Test mutating func handlersStartInTheOrderOfTheirRequests() async throws {
        let started = Mutex<[Int]>([])
        let gate = Gate()
        try server.add(Tool(name: "wait")) { _, arguments in
            started.withLock { $0.append(arguments["n"]?.int ?? 0) }
            try await gate.wait()
            return .complete(.text("done"))
        }
        let host = ScriptedHost(server)
        for number in 1...100 {
            host.request("tools/call", .modern(["name": "wait", "arguments": ["n": JSONValue(number)]]))
        }
        #expect(started.withLock { $0 } == Array(1...100))
        gate.open()
        await host.conversation.finish()
        #expect(Set(try host.inbox.allJSON().map { $0["id"] }).count == 100)
    }

    @Test mutating func aWaitingRequestDelaysNoOther() async throws {
        let gate = Gate()
        try server.add(Tool(name: "wait")) { _, _ in
            try await gate.wait()
            return .complete(.text("late"))
        }
        let host = ScriptedHost(server)
        let waiting = host.request("tools/call", .modern(["name": "wait"]))
        #expect(try await host.ask("ping")["result"] == [:])
        gate.open()
        #expect(try await host.answer(to: waiting).text == "late")
    }

    @Test mutating func aHandlerResumesOnTheGivenExecutor() async throws {
        let gate = Gate()
        let executor = CountingExecutor()
        try server.add(Tool(name: "wait")) { _, _ in
            try await gate.wait()
            return .complete(.text("done"))
        }
        let host = ScriptedHost { [server] send in
            ServerSession(server, scheduler: FakeClock(), executor: executor, host: send)
        }
        host.request("tools/call", .modern(["name": "wait"]))
        #expect(executor.count == 0)
        gate.open()
        await host.conversation.finish()
        #expect(executor.count > 0)
    }

    // MARK: - Cancellation

    @Test mutating func aCancelledRequestIsStoppedAndGetsNoResponse() async throws {
        let stopped = Gate()
        try server.add(Tool(name: "wait")) { _, _ in
            do { try await Gate().wait() } catch { stopped.open() }
            return .complete(.text("not wanted any more"))
        }
        let host = ScriptedHost(server)
        let id = host.request("tools/call", .modern(["name": "wait"]))
        host.notify("notifications/cancelled", ["requestId": id.value, "reason": "enough"])
        try await stopped.wait()
        await host.conversation.finish()
        #expect(host.inbox.frames.isEmpty)
    }

    @Test mutating func theIDOfACancelledRequestCanBeUsedAgainWhileItsHandlerUnwinds() async throws {
        let first = Gate()
        let calls = Atomic(0)
        try server.add(Tool(name: "stubborn")) { _, _ in
            guard calls.add(1, ordering: .relaxed).newValue == 1 else { return .complete(.text("second")) }
            // Ignores cancellation.
            while !Task.isCancelled { await Task.yield() }
            await Task { try? await first.wait() }.value
            return .complete(.text("first"))
        }
        let host = ScriptedHost(server)
        host.request("tools/call", .modern(["name": "stubborn"]), id: 1)
        host.notify("notifications/cancelled", ["requestId": 1])
        #expect(try await host.ask("tools/call", .modern(["name": "stubborn"]), id: 1).text == "second")
        first.open()
        await host.conversation.finish()
        #expect(host.inbox.frames.count == 1)
    }

    @Test mutating func aCancellationWithAnIDOfAnotherTypeConcernsAnotherRequest() async throws {
        let gate = Gate()
        try server.add(Tool(name: "wait")) { _, _ in
            try await gate.wait()
            return .complete(.text("done"))
        }
        let host = ScriptedHost(server)
        host.request("tools/call", .modern(["name": "wait"]), id: 1)
        host.notify("notifications/cancelled", ["requestId": "1"])
        gate.open()
        #expect(try await host.answer(to: 1).text == "done")
    }

    // MARK: - Progress and logs

    @Test mutating func progressPrecedesTheResponseAndIncreases() async throws {
        try server.add(Tool(name: "work")) { context, _ in
            context.reportProgress(1, total: 3, message: "one")
            context.reportProgress(1, total: 3)
            context.reportProgress(0.5)
            context.reportProgress(3, total: 3)
            return .complete(.text("done"))
        }
        let host = ScriptedHost(server)
        host.request("tools/call", .modern(["name": "work"], meta: ["progressToken": "p"]))
        await host.conversation.finish()
        let frames = try host.inbox.allJSON()
        #expect(frames.map { $0["method"]?.string } == ["notifications/progress", "notifications/progress", nil])
        #expect(frames[0]["params"] == ["progressToken": "p", "progress": 1, "total": 3, "message": "one"])
        #expect(frames[1]["params"] == ["progressToken": "p", "progress": 3, "total": 3])
    }

    @Test mutating func withoutATokenThereIsNoProgress() async throws {
        try server.add(Tool(name: "work")) { context, _ in
            context.reportProgress(1)
            return .complete(.text("done"))
        }
        let host = ScriptedHost(server)
        _ = try await host.ask("tools/call", .modern(["name": "work"]))
        #expect(host.inbox.frames.count == 1)
    }

    @Test mutating func nothingIsSentForARequestAfterItsResponse() async throws {
        let contexts = Mutex<[RequestContext]>([])
        server.logging = .always
        try server.add(Tool(name: "work")) { context, _ in
            contexts.withLock { $0.append(context) }
            return .complete(.text("done"))
        }
        let host = ScriptedHost(server)
        let meta: JSONObject = ["progressToken": 1, "io.modelcontextprotocol/logLevel": "debug"]
        _ = try await host.ask("tools/call", .modern(["name": "work"], meta: meta))
        let context = try #require(contexts.withLock { $0.first })
        context.reportProgress(1)
        context.log(.error, "late")
        #expect(host.inbox.frames.count == 1)
    }

    @Test mutating func logsFollowTheLevelOfTheModernRequest() async throws {
        addLoggingTool()
        server.logging = .always
        let host = ScriptedHost(server)
        _ = try await host.ask("tools/call", .modern(["name": "log"]))
        #expect(host.inbox.frames.count == 1)
        let meta: JSONObject = ["io.modelcontextprotocol/logLevel": "error"]
        _ = try await host.ask("tools/call", .modern(["name": "log"], meta: meta))
        #expect(try levels(of: host) == ["error", "critical", "alert", "emergency"])
    }

    @Test mutating func logsFollowTheLevelOfTheLegacySession() async throws {
        addLoggingTool()
        server.logging = .always
        let host = ScriptedHost(server)
        try await host.initialize()
        #expect(try await host.ask("logging/setLevel", ["level": "critical"])["result"] == [:])
        _ = try await host.ask("tools/call", ["name": "log"])
        #expect(try levels(of: host) == ["critical", "alert", "emergency"])
        #expect(try await host.ask("logging/setLevel", ["level": "loud"]).code == -32602)
    }

    @Test mutating func aServerThatDoesNotDeclareLoggingSendsNoLogs() async throws {
        addLoggingTool()
        let host = ScriptedHost(server)
        try await host.initialize()
        _ = try await host.ask("tools/call", ["name": "log"])
        #expect(try levels(of: host).isEmpty)
    }

    private mutating func addLoggingTool() {
        server.add(unchecked: Tool(name: "log")) { context, _ in
            for level in LogLevel.allCases { context.log(level, "text", logger: "l") }
            return .complete(.text("done"))
        }
    }

    private func levels(of host: ScriptedHost) throws -> [String] {
        try host.inbox.allJSON().filter { $0["method"] == "notifications/message" }
            .compactMap { $0["params"]?["level"]?.string }
    }

    // MARK: - The end

    @Test mutating func atTheEndOfInputReceivedRequestsStillGetResponses() async throws {
        let gate = Gate()
        let ended = Mutex<[String]>([])
        server.onSessionEnd = { session in ended.withLock { $0.append(session) } }
        try server.add(Tool(name: "wait")) { _, _ in
            try await gate.wait()
            return .complete(.text("done"))
        }
        let host = ScriptedHost(server)
        for _ in 1...3 { host.request("tools/call", .modern(["name": "wait"])) }
        async let finished: Void = host.conversation.finish()
        gate.open()
        await finished
        #expect(host.inbox.frames.count == 3)
        await host.conversation.cancel()
        #expect(ended.withLock { $0.count } == 1)
    }

    @Test mutating func cancelStopsRunningRequestsWithoutResponses() async throws {
        let ended = Atomic(0)
        server.onSessionEnd = { _ in ended.add(1, ordering: .relaxed) }
        try server.add(Tool(name: "wait")) { _, _ in
            try await Gate().wait()
            return .complete(.text("done"))
        }
        let host = ScriptedHost(server)
        for _ in 1...3 { host.request("tools/call", .modern(["name": "wait"])) }
        await host.conversation.cancel()
        #expect(host.inbox.frames.isEmpty)
        #expect(ended.load(ordering: .relaxed) == 1)
        host.request("ping")
        #expect(host.inbox.frames.isEmpty)
    }

    @Test func conversationsHaveDistinctNames() {
        let clock = FakeClock()
        let sessions = (1...3).map { _ in ServerSession(server, scheduler: clock, host: .frames { _ in }) }
        #expect(Set(sessions.map(\.id)).count == 3)
    }
}

/// Runs jobs on the calling thread and counts them.
private final class CountingExecutor: TaskExecutor {
    private let jobs = Atomic(0)

    var count: Int { jobs.load(ordering: .relaxed) }

    func enqueue(_ job: consuming ExecutorJob) {
        jobs.add(1, ordering: .relaxed)
        job.runSynchronously(on: asUnownedTaskExecutor())
    }
}
