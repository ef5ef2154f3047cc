import JSON
import JSONRPC
import MCP
import MCPServer
import TestSupport
import Testing

/// Tool calls that become experimental tasks of 2025-11-25.
@Suite(.timeLimit(.minutes(5)))
struct LegacyTaskTests {
    private static let related = "io.modelcontextprotocol/related-task"
    private let tools = TaskTools()

    @Test func eachToolSaysWhetherItCanBeATask() async throws {
        let host = try await opened()
        let tools = try await host.ask("tools/list")["result"]?["tools"]?.array ?? []
        let support = tools.map { $0["execution"]?["taskSupport"]?.string }
        #expect(support == [nil, "optional", "required", "optional", "optional", "required"])
        let modern = try await host.ask("tools/list", .modern())["result"]?["tools"]?.array ?? []
        #expect(modern.allSatisfy { $0["execution"] == nil })
    }

    @Test func aCallThatRequestsATaskGetsOne() async throws {
        let host = try await opened()
        let task = try await call("wait", host, ttl: 60_000)["result"]?["task"]
        #expect(task?["status"] == "working")
        #expect(task?["ttl"] == 60_000)
        #expect(task?["pollInterval"] == 500)
        #expect(task?["ttlMs"] == nil)
        let id = try #require(task?["taskId"])
        #expect(try await host.ask("tasks/get", ["taskId": id])["result"]?["status"] == "working")
        #expect(try await host.ask("tasks/list")["result"]?["tasks"]?.array?.map { $0["taskId"] } == [id])
        #expect(try await host.ask("tasks/update", ["taskId": id]).code == -32601)
    }

    @Test func aLifetimeIsGrantedUpToALimit() async throws {
        let host = try await opened()
        #expect(try await call("wait", host, ttl: 1 << 40)["result"]?["task"]?["ttl"] == 3_600_000)
    }

    @Test func aCallMustFitWhatTheToolSays() async throws {
        let host = try await opened()
        #expect(try await call("plain", host).code == -32601)
        #expect(try await host.ask("tools/call", ["name": "fail"]).code == -32601)
        #expect(try await host.ask("tools/call", ["name": "wait", "task": 3]).code == -32602)
        let id = host.request("tools/call", ["name": "wait"])
        tools.gate.open()
        #expect(try await host.answer(to: id).text == "waited")
    }

    @Test func tasksResultWaitsAndNamesTheTask() async throws {
        let host = try await opened()
        let id = try await taskID("wait", host)
        let result = host.request("tasks/result", ["taskId": id])
        tools.gate.open()
        let answer = try await host.answer(to: result)
        #expect(answer.text == "waited")
        #expect(answer["result"]?["_meta"]?.object?[Self.related] == ["taskId": id])
        #expect(try await host.ask("tasks/result", ["taskId": id]).text == "waited")
    }

    @Test func aToolsFailureIsAFailedTaskWithAResult() async throws {
        let host = try await opened()
        let id = try await taskID("fail", host)
        let answer = try await host.ask("tasks/result", ["taskId": id])
        #expect(answer["result"]?["isError"] == true)
        #expect(try await host.ask("tasks/get", ["taskId": id])["result"]?["status"] == "failed")
        let broken = try await taskID("break", host)
        #expect(try await host.ask("tasks/result", ["taskId": broken]).code == 7)
    }

    @Test func cancellingATaskCancelsItsWorkOnce() async throws {
        let host = try await opened()
        let id = try await taskID("wait", host)
        let result = host.request("tasks/result", ["taskId": id])
        let task = try await host.ask("tasks/cancel", ["taskId": id])["result"]
        #expect(task?["status"] == "cancelled")
        #expect(task?["taskId"] == id)
        #expect(task?["ttlMs"] == nil)
        #expect(try await host.ask("tasks/cancel", ["taskId": id]).code == -32602)
        // Its response may arrive before or after that of the cancellation.
        while try !host.inbox.allJSON().contains(where: { $0["id"] == result.value && $0.code == -32602 }) {
            await Task.yield()
        }
    }

    @Test func inputRequestsOfATaskAreSentWhileAClientWaitsForItsResult() async throws {
        let host = try await opened()
        let id = try await taskID("ask", host)
        let result = host.request("tasks/result", ["taskId": id])
        for name in ["Ada", "Grace"] {
            let question = try await host.inbox.next("elicitation/create")
            #expect(question["params"]?["_meta"]?.object?[Self.related] == ["taskId": id])
            host.answer(question, #""result":{"action":"accept","content":{"name":"\#(name)"}}"#)
        }
        let again = try await host.inbox.next("elicitation/create")
        #expect(try await host.ask("tasks/get", ["taskId": id])["result"]?["status"] == "input_required")
        host.answer(again, #""result":{"action":"cancel"}"#)
        #expect(try await host.answer(to: result).text == "Ada, Grace, cancel")
    }

    @Test func aClientThatStopsWaitingCanWaitAgain() async throws {
        let host = try await opened()
        let id = try await taskID("ask", host)
        let first = host.request("tasks/result", ["taskId": id])
        _ = try await host.inbox.next("elicitation/create")
        host.notify("notifications/cancelled", ["requestId": first.value])
        _ = try await host.inbox.next("notifications/cancelled")
        let second = host.request("tasks/result", ["taskId": id])
        for _ in 1...3 {
            let question = try await host.inbox.next("elicitation/create")
            host.answer(question, #""result":{"action":"accept","content":{"name":"Ada"}}"#)
        }
        #expect(try await host.answer(to: second).text == "Ada, Ada, accept")
    }

    @Test func aClientThatRejectsAnInputRequestFailsTheTask() async throws {
        let host = try await opened()
        let id = try await taskID("ask", host)
        let result = host.request("tasks/result", ["taskId": id])
        host.answer(try await host.inbox.next("elicitation/create"), #""error":{"code":-1,"message":"no"}"#)
        #expect(try await host.answer(to: result).code == -32603)
        #expect(try await host.ask("tasks/get", ["taskId": id])["result"]?["status"] == "failed")
    }

    @Test func theSessionIsNotifiedOfItsTasksStatus() async throws {
        let host = try await opened()
        let id = try await taskID("wait", host)
        tools.gate.open()
        let told = try await host.inbox.next("notifications/tasks/status")["params"]
        #expect(told?["taskId"] == id)
        #expect(told?["status"] == "completed")
        #expect(told?["ttl"] == 300_000)
        #expect(told?["result"] == nil)
    }

    @Test func aTaskOfOneSessionIsUnknownInAnother() async throws {
        let conversations = try tools.server().conversations(scheduler: tools.clock)
        let (one, other) = (ScriptedHost(conversations), ScriptedHost(conversations))
        for host in [one, other] { try await host.initialize() }
        let id = try await taskID("wait", one)
        #expect(try await other.ask("tasks/get", ["taskId": id]).code == -32602)
        #expect(try await other.ask("tasks/list")["result"]?["tasks"] == [])
        #expect(try await one.ask("tasks/get", ["taskId": id])["result"]?["status"] == "working")
    }

    @Test func olderRevisionsServeToolsInPlace() async throws {
        let host = try await opened("2025-06-18")
        #expect(try await host.ask("tasks/get", ["taskId": "x"]).code == -32601)
        let id = host.request("tools/call", ["name": "wait", "task": [:]])
        tools.gate.open()
        #expect(try await host.answer(to: id).text == "waited")
        #expect(try await host.ask("tools/call", ["name": "fail"]).code == -32600)
    }

    // MARK: - Parts

    private func opened(_ version: String = "2025-11-25") async throws -> ScriptedHost {
        let host = try tools.host()
        try await host.initialize(version, capabilities: ["elicitation": [:]])
        return host
    }

    private func call(_ tool: String, _ host: ScriptedHost, ttl: Int? = nil) async throws -> JSONValue {
        var task: JSONObject = [:]
        task["ttl"] = ttl.map { JSONValue($0) }
        return try await host.ask("tools/call", ["name": .string(tool), "task": .object(task)])
    }

    private func taskID(_ tool: String, _ host: ScriptedHost) async throws -> JSONValue {
        try #require(try await call(tool, host)["result"]?["task"]?["taskId"])
    }
}
