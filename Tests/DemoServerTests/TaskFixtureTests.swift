import JSON
import MCP
import TestSupport
import Testing

/// The fixtures of the tasks extension.
@Suite(.timeLimit(.minutes(5)))
struct TaskFixtureTests {
    private static let names = [
        "greet", "slow_compute", "failing_job", "protocol_error_job", "confirm_delete", "multi_input",
        "test_tool_with_task",
    ]

    @Test func theExtensionIsAdvertisedAndEveryFixtureListed() async throws {
        let demo = try DemoHost(capabilities: DemoHost.all)
        let capabilities = try await demo.ask("server/discover")["result"]?["capabilities"]
        #expect(capabilities?["extensions"]?["io.modelcontextprotocol/tasks"] == [:])
        #expect(capabilities?["tasks"] == nil)
        let tools = try await demo.ask("tools/list")["result"]?["tools"]?.array?.compactMap { $0["name"]?.string } ?? []
        #expect(Set(tools).isSuperset(of: Self.names))
    }

    @Test func greetNeverBecomesATask() async throws {
        let demo = try DemoHost(capabilities: DemoHost.all)
        let params: JSONObject = ["name": "greet", "arguments": ["name": "Ada"], "task": ["ttl": 5]]
        let result = try await demo.ask("tools/call", params)["result"]
        #expect(result?["resultType"] == "complete")
        #expect(result?["content"]?[0]?["text"] == "Hello, Ada!")
        #expect(result?["taskId"] == nil)
    }

    @Test func slowComputeIsATaskUnlessItIsInstantOrTheClientSupportsNone() async throws {
        let demo = try DemoHost(capabilities: DemoHost.all)
        #expect(try await demo.call("slow_compute", ["seconds": 0])["resultType"] == "complete")
        let task = try await ended(try await demo.call("slow_compute", ["seconds": 2, "label": "x"]), demo)
        #expect(task["status"] == "completed")
        #expect(task["result"]?["content"]?[0]?["text"] == "Computed for 2 s (x).")
        let plain = try await DemoHost().call("slow_compute", ["seconds": 2])
        #expect(plain["resultType"] == "complete")
    }

    @Test func slowComputeIsCancelledWhileItRuns() async throws {
        let demo = try DemoHost(capabilities: DemoHost.all, isEager: false)
        let id = try #require(try await demo.call("slow_compute", ["seconds": 60])["taskId"])
        #expect(try await demo.ask("tasks/get", ["taskId": id])["result"]?["status"] == "working")
        _ = try await demo.ask("tasks/cancel", ["taskId": id])
        #expect(try await demo.ask("tasks/get", ["taskId": id])["result"]?["status"] == "cancelled")
    }

    @Test func failingJobCompletesWithAnErrorAndNeedsTasks() async throws {
        let demo = try DemoHost(capabilities: DemoHost.all)
        let task = try await ended(try await demo.call("failing_job"), demo)
        #expect(task["status"] == "completed")
        #expect(task["result"]?["isError"] == true)
        let error = try await DemoHost().ask("tools/call", ["name": "failing_job"])["error"]
        #expect(error?["code"] == -32021)
        #expect(error?["data"]?["requiredCapabilities"]?["extensions"]?["io.modelcontextprotocol/tasks"] == [:])
    }

    @Test func protocolErrorJobFails() async throws {
        let demo = try DemoHost(capabilities: DemoHost.all)
        let task = try await ended(try await demo.call("protocol_error_job"), demo)
        #expect(task["status"] == "failed")
        #expect(task["error"]?["code"] == -32603)
        #expect(task["result"] == nil)
    }

    @Test func confirmDeleteWaitsForItsResponse() async throws {
        let demo = try DemoHost(capabilities: DemoHost.all)
        let created = try await demo.call("confirm_delete", ["filename": "a.txt"])
        let asking = try await until("input_required", created, demo)
        #expect(asking["inputRequests"]?["confirm"]?["method"] == "elicitation/create")
        let yes: JSONValue = ["confirm": ["action": "accept", "content": ["confirm": true]]]
        _ = try await demo.ask("tasks/update", ["taskId": created["taskId"] ?? .null, "inputResponses": yes])
        #expect(try await ended(created, demo)["result"]?["content"]?[0]?["text"] == "Deleted a.txt.")
    }

    @Test func multiInputTakesOneResponseAtATime() async throws {
        let demo = try DemoHost(capabilities: DemoHost.all)
        let created = try await demo.call("multi_input")
        let id = try #require(created["taskId"])
        #expect(try await until("input_required", created, demo)["inputRequests"]?.object?.keys == ["name", "consent"])
        let name: JSONValue = ["name": ["action": "accept", "content": ["name": "Ada"]]]
        _ = try await demo.ask("tasks/update", ["taskId": id, "inputResponses": name])
        #expect(try await until("input_required", created, demo)["inputRequests"]?.object?.keys == ["consent"])
        let consent: JSONValue = ["consent": ["action": "accept", "content": ["confirm": true]]]
        _ = try await demo.ask("tasks/update", ["taskId": id, "inputResponses": consent])
        #expect(try await ended(created, demo)["result"]?["content"]?[0]?["text"] == "Ada: accept.")
    }

    @Test func theToolWithATaskRequestsInputBeforeItBecomesOne() async throws {
        let demo = try DemoHost(capabilities: DemoHost.all)
        let first = try await demo.call("test_tool_with_task")
        #expect(first["resultType"] == "input_required")
        #expect(first["inputRequests"]?.object?.keys == ["user_name"])
        #expect(first["taskId"] == nil)
        let params: JSONObject = [
            "name": "test_tool_with_task", "inputResponses": DemoHost.responses(to: first),
        ]
        let second = try await demo.ask("tools/call", params)["result"] ?? .null
        #expect(second["resultType"] == "task")
        #expect(second["requestState"] == nil)
        #expect(try await ended(second, demo)["result"]?["content"]?[0]?["text"] == "The task of Ada is done.")
    }

    // MARK: - Parts

    private func ended(_ created: JSONValue, _ demo: DemoHost) async throws -> JSONValue {
        #expect(created["resultType"] == "task")
        while true {
            let task = try await demo.ask("tasks/get", ["taskId": created["taskId"] ?? .null])["result"] ?? .null
            if task["status"] != "working" { return task }
            await Task.yield()
        }
    }

    private func until(_ status: String, _ created: JSONValue, _ demo: DemoHost) async throws -> JSONValue {
        while true {
            let task = try await demo.ask("tasks/get", ["taskId": created["taskId"] ?? .null])["result"] ?? .null
            if task["status"]?.string == status || task["status"] == nil { return task }
            await Task.yield()
        }
    }
}
