import JSON
import JSONRPC
import MCP
import MCPServer
import MCPTransport
import TestSupport
import Testing

/// Tool calls that become tasks of the extension.
@Suite(.timeLimit(.minutes(5)))
struct TaskTests {
    private static let tag = "io.modelcontextprotocol/subscriptionId"
    private let tools = TaskTools()

    // MARK: - Creation

    @Test func theExtensionIsDeclaredInTheModernEraAndTheCapabilityInTheLegacyOne() async throws {
        let host = try tools.host()
        let modern = try await host.ask("server/discover", .modern())["result"]?["capabilities"]
        #expect(modern?["extensions"] == ["io.modelcontextprotocol/tasks": [:]])
        #expect(modern?["tasks"] == nil)
        let legacy = try await host.initialize()["result"]?["capabilities"]
        #expect(legacy?["tasks"] == ["list": [:], "cancel": [:], "requests": ["tools": ["call": [:]]]])
        #expect(legacy?["extensions"] == nil)
        let old = try await tools.host().initialize("2025-06-18")["result"]?["capabilities"]
        #expect(old?["tasks"] == nil)
    }

    @Test func aClientThatSupportsTasksGetsOneAtOnce() async throws {
        let host = try tools.host()
        let result = try await call("wait", host)["result"]
        #expect(result?["resultType"] == "task")
        #expect(result?["taskId"]?.string?.count == 32)
        #expect(result?["status"] == "working")
        #expect(result?["ttlMs"] == 300_000)
        #expect(result?["pollIntervalMs"] == 500)
        #expect(result?["createdAt"]?.string?.hasSuffix("Z") == true)
        #expect(result?["lastUpdatedAt"] != nil)
        for name in ["task", "ttl", "pollInterval", "requestState", "result", "content"] {
            #expect(result?[name] == nil, "\(name)")
        }
        let got = try await ask("tasks/get", try #require(result?["taskId"]), host)["result"]
        #expect(got?["resultType"] == "complete")
        #expect(got?["status"] == "working")
        #expect(got?["result"] == nil)
    }

    @Test func aClientWithoutTasksGetsTheResultWhenItIsDone() async throws {
        let host = try tools.host()
        let id = host.request("tools/call", .modern(["name": "wait"]))
        tools.gate.open()
        #expect(try await host.answer(to: id).text == "waited")
    }

    @Test func aToolThatRequiresTasksRefusesAClientWithoutThem() async throws {
        let answer = try await tools.host().ask("tools/call", .modern(["name": "fail"]))
        #expect(answer.code == -32021)
        #expect(
            answer["error"]?["data"]?["requiredCapabilities"] == ["extensions": ["io.modelcontextprotocol/tasks": [:]]]
        )
    }

    @Test func aLegacyTaskParameterIsIgnoredInTheStatelessEra() async throws {
        let host = try tools.host()
        let params: JSONObject = .modern(["name": "plain", "task": ["ttl": 1]], capabilities: Self.capabilities)
        #expect(try await host.ask("tools/call", params).text == "plain")
        for method in ["tasks/result", "tasks/list"] {
            #expect(try await ask(method, "x", host).code == -32601)
        }
    }

    @Test(arguments: ["tasks/get", "tasks/update", "tasks/cancel"])
    func taskMethodsRequireTheExtensionWithEachRequest(method: String) async throws {
        let host = try tools.host()
        let id = try #require(try await call("wait", host)["result"]?["taskId"])
        let params: JSONObject = ["taskId": id, "inputResponses": [:]]
        #expect(try await host.ask(method, .modern(params)).code == -32021)
        #expect(try await host.ask(method, .modern(params, capabilities: ["tasks": [:]])).code == -32021)
        #expect(try await ask(method, id, host)["result"]?["resultType"] == "complete")
        for unknown in ["none", 3, nil] as [JSONValue?] {
            #expect(try await ask(method, unknown, host).code == -32602)
        }
    }

    @Test func aServerWithoutTasksOffersNoTaskMethods() async throws {
        let host = ScriptedHost(try .sample())
        #expect(try await ask("tasks/get", "x", host).code == -32601)
    }

    // MARK: - The end

    @Test func tasksGetContainsTheResult() async throws {
        let host = try tools.host()
        let id = try #require(try await call("wait", host)["result"]?["taskId"])
        tools.gate.open()
        let task = try await ended(id, host)
        #expect(task?["status"] == "completed")
        #expect(task?["result"]?["content"]?[0]?["text"] == "waited")
        #expect(task?["result"]?["isError"] == false)
        #expect(task?["result"]?["_meta"] == nil)
        #expect(task?["error"] == nil)
    }

    @Test func aToolsFailureIsAResultAndAnErrorAFailure() async throws {
        let host = try tools.host()
        let failed = try await ended(try #require(try await call("fail", host)["result"]?["taskId"]), host)
        #expect(failed?["status"] == "completed")
        #expect(failed?["result"]?["isError"] == true)
        let broken = try await ended(try #require(try await call("break", host)["result"]?["taskId"]), host)
        #expect(broken?["status"] == "failed")
        #expect(broken?["error"]?["code"] == 7)
        #expect(broken?["statusMessage"] == "seven")
        #expect(broken?["result"] == nil)
    }

    @Test func aCancelledTaskStaysCancelled() async throws {
        let host = try tools.host()
        let id = try #require(try await call("wait", host)["result"]?["taskId"])
        let empty = try await ask("tasks/cancel", id, host)["result"]
        #expect(empty?.object?.keys == ["resultType", "_meta"])
        #expect(try await ask("tasks/get", id, host)["result"]?["status"] == "cancelled")
        tools.gate.open()
        #expect(try await ask("tasks/cancel", id, host)["result"]?["resultType"] == "complete")
        #expect(try await ask("tasks/update", id, host)["result"]?["resultType"] == "complete")
        #expect(try await ask("tasks/get", id, host)["result"]?["status"] == "cancelled")
        await host.conversation.finish()
        #expect(tools.cancelled.frames.count == 1)
    }

    @Test func aTaskExpires() async throws {
        let host = try tools.host()
        let id = try #require(try await call("wait", host)["result"]?["taskId"])
        tools.clock.advance(by: .milliseconds(299_999))
        #expect(try await ask("tasks/get", id, host)["result"]?["status"] == "working")
        tools.clock.advance(by: .milliseconds(1))
        #expect(try await ask("tasks/get", id, host).code == -32602)
        #expect(String(decoding: await tools.cancelled.next(), as: UTF8.self) == "wait")
    }

    @Test func theTasksOfASessionEndWithIt() async throws {
        let host = try tools.host()
        _ = try await call("wait", host)
        await host.conversation.finish()
        #expect(tools.cancelled.frames.count == 1)
        #expect(tools.clock.pendingCount == 0)
    }

    @Test func aTaskIsVisibleToItsOwnerOnly() async throws {
        let conversations = try tools.server().conversations(scheduler: tools.clock)
        func ask(_ subject: String, _ method: String, _ params: JSONObject) async throws -> JSONValue {
            let inbox = Mailbox()
            let link = HostLink(principal: .subject(subject), span: .request) { sending in
                if let bytes = sending.bytes { inbox.put(bytes) }
            }
            let params: JSONObject = .modern(params, capabilities: Self.capabilities)
            conversations(link).received(Message.encode(id: 1, method: method, params: JSONText(.object(params))))
            return try await inbox.nextJSON()
        }
        let id = try #require(try await ask("ada", "tools/call", ["name": "wait"])["result"]?["taskId"])
        for method in ["tasks/get", "tasks/cancel", "tasks/update"] {
            #expect(try await ask("eve", method, ["taskId": id, "inputResponses": [:]]).code == -32602)
        }
        #expect(try await ask("ada", "tasks/get", ["taskId": id])["result"]?["status"] == "working")
    }

    @Test func aClientHasNoMoreTasksThanTheLimit() async throws {
        let host = try tools.host(TaskSettings(limit: 3))
        for _ in 1...3 { #expect(try await call("wait", host)["result"]?["taskId"] != nil) }
        #expect(try await call("wait", host).code == -32603)
        tools.clock.advance(by: .seconds(300))
        #expect(try await call("wait", host)["result"]?["taskId"] != nil)
    }

    // MARK: - Questions

    @Test func aTaskTakesItsResponsesOneByOne() async throws {
        let host = try tools.host()
        let id = try #require(try await call("ask", host)["result"]?["taskId"])
        let asking = try await until("input_required", id, host)
        #expect(asking?["inputRequests"]?.object?.keys == ["first", "second"])
        #expect(asking?["inputRequests"]?["first"]?["method"] == "elicitation/create")
        #expect(asking?["requestState"] == nil)

        let wrong: JSONValue = ["first": 3]
        #expect(try await ask("tasks/update", id, host, answers: wrong).code == -32602)
        let first: JSONValue = ["first": Self.accept("Ada"), "unknown": 5]
        #expect(try await ask("tasks/update", id, host, answers: first)["result"]?["resultType"] == "complete")
        let half = try await ask("tasks/get", id, host)["result"]
        #expect(half?["status"] == "input_required")
        #expect(half?["inputRequests"]?.object?.keys == ["second"])

        _ = try await ask("tasks/update", id, host, answers: ["second": Self.accept("Grace")])
        // The tool uses the same key again, which the client has seen before.
        let again = try await until("input_required", id, host)
        #expect(again?["inputRequests"]?.object?.keys == ["first-2"])
        _ = try await ask("tasks/update", id, host, answers: ["first-2": ["action": "decline"]])
        #expect(try await ended(id, host)?["result"]?["content"]?[0]?["text"] == "Ada, Grace, decline")
    }

    @Test func aTaskCannotRequestInputThatTheClientDidNotDeclare() async throws {
        let host = try tools.host()
        let result = try await host.ask(
            "tools/call",
            .modern(["name": "ask"], capabilities: ["extensions": ["io.modelcontextprotocol/tasks": [:]]])
        )["result"]
        let task = try await ended(try #require(result?["taskId"]), host)
        #expect(task?["status"] == "failed")
        #expect(task?["error"]?["code"] == -32021)
    }

    @Test func inputRequestsBeforeTheTaskAreSentInAResult() async throws {
        let host = try tools.host()
        let first = try await call("escalate", host)["result"]
        #expect(first?["resultType"] == "input_required")
        #expect(first?["taskId"] == nil)
        let state = try #require(first?["requestState"])
        let second = try await call(
            "escalate",
            host,
            ["inputResponses": ["name": Self.accept("Ada")], "requestState": state]
        )["result"]
        #expect(second?["resultType"] == "task")
        #expect(second?["requestState"] == nil)
        let task = try await ended(try #require(second?["taskId"]), host)
        #expect(task?["result"]?["content"]?[0]?["text"] == "Ada: kept")
    }

    // MARK: - Listening

    @Test func subscribersOfATaskAreNotifiedOfItsStatus() async throws {
        let host = try tools.host()
        let id = try #require(try await call("wait", host)["result"]?["taskId"])
        let filter: JSONValue = ["taskIds": [id, "none"]]
        host.request(
            "subscriptions/listen",
            .modern(["notifications": filter], capabilities: Self.capabilities),
            id: 99
        )
        let acknowledged = try await host.inbox.next("notifications/subscriptions/acknowledged")
        #expect(acknowledged["params"]?["notifications"] == ["taskIds": [id]])
        tools.gate.open()
        let told = try await host.inbox.next("notifications/tasks")["params"]
        #expect(told?["_meta"]?.object?[Self.tag] == 99)
        #expect(told?["taskId"] == id)
        #expect(told?["status"] == "completed")
        #expect(told?["ttlMs"] == 300_000)
        #expect(told?["result"]?["content"]?[0]?["text"] == "waited")
        #expect(try await host.ask("subscriptions/listen", .modern(["notifications": filter])).code == -32021)
    }

    // MARK: - Parts

    static let capabilities: JSONObject = [
        "elicitation": [:], "extensions": ["io.modelcontextprotocol/tasks": [:]],
    ]

    private static func accept(_ name: String) -> JSONValue {
        ["action": "accept", "content": ["name": .string(name)]]
    }

    private func call(_ tool: String, _ host: ScriptedHost, _ params: JSONObject = [:]) async throws -> JSONValue {
        var params = params
        params["name"] = .string(tool)
        return try await host.ask("tools/call", .modern(params, capabilities: Self.capabilities))
    }

    private func ask(
        _ method: String,
        _ id: JSONValue?,
        _ host: ScriptedHost,
        answers: JSONValue = [:]
    ) async throws -> JSONValue {
        var params: JSONObject = ["inputResponses": answers]
        params["taskId"] = id
        return try await host.ask(method, .modern(params, capabilities: Self.capabilities))
    }

    private func until(_ status: String, _ id: JSONValue, _ host: ScriptedHost) async throws -> JSONValue? {
        while true {
            let task = try await ask("tasks/get", id, host)["result"]
            if task == nil || task?["status"]?.string == status { return task }
            await Task.yield()
        }
    }

    private func ended(_ id: JSONValue, _ host: ScriptedHost) async throws -> JSONValue? {
        while true {
            let task = try await ask("tasks/get", id, host)["result"]
            if !["working", "input_required"].contains(task?["status"]?.string) { return task }
            await Task.yield()
        }
    }
}
