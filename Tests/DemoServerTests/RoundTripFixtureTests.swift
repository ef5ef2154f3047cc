import JSON
import MCP
import TestSupport
import Testing

/// The fixtures that request input in their results, and those that notify subscribers.
@Suite(.timeLimit(.minutes(5)))
struct RoundTripFixtureTests {
    private let demo: DemoHost

    init() throws {
        demo = try DemoHost(capabilities: DemoHost.all)
    }

    @Test(
        arguments: [
            ("test_input_required_result_elicitation", "user_name", "elicitation/create", "Hello, Ada!"),
            ("test_input_required_result_sampling", "capital_question", "sampling/createMessage", "Paris"),
            ("test_input_required_result_list_roots", "client_roots", "roots/list", "Roots: file:///one, file:///two"),
            ("test_input_required_result_request_state", "confirm", "elicitation/create", "state-ok"),
            ("test_input_required_result_tampered_state", "confirm", "elicitation/create", "state-ok"),
            ("test_streaming_elicitation", "user_name", "elicitation/create", "The user responded"),
        ]
    )
    func oneInputRequestLeadsToTheResult(tool: String, key: String, method: String, text: String) async throws {
        let first = try await call(tool)["result"] ?? .null
        #expect(first["resultType"] == "input_required")
        #expect(first["inputRequests"]?.object?.keys == [key])
        #expect(first["inputRequests"]?[.init(stringLiteral: key)]?["method"]?.string == method)
        let second = try await call(tool, after: first)["result"]
        #expect(second?["resultType"] == "complete")
        #expect(second?["content"]?[0]?["text"]?.string?.hasPrefix(text) == true)
    }

    @Test func severalInputRequestsAreSentAtOnce() async throws {
        let tool = "test_input_required_result_multiple_inputs"
        let first = try await call(tool)["result"] ?? .null
        #expect(first["inputRequests"]?.object?.keys == ["user_name", "greeting", "client_roots"])
        #expect(first["requestState"]?.string != nil)
        #expect(try await text(call(tool, after: first)) == "Hello, Ada! Paris You have 2 roots.")
    }

    @Test func twoRoundsCarryAStateEach() async throws {
        let tool = "test_input_required_result_multi_round"
        let first = try await call(tool)["result"] ?? .null
        #expect(first["inputRequests"]?.object?.keys == ["step1"])
        let second = try await call(tool, after: first)["result"] ?? .null
        #expect(second["resultType"] == "input_required")
        #expect(second["inputRequests"]?.object?.keys == ["step2"])
        #expect(second["requestState"]?.string != nil)
        #expect(second["requestState"] != first["requestState"])
        #expect(try await text(call(tool, after: second)).hasPrefix("Ada likes") == true)
    }

    @Test func aStateThatWasTamperedWithIsRefused() async throws {
        let tool = "test_input_required_result_tampered_state"
        var first = try #require(try await call(tool)["result"]?.object)
        first["requestState"] = .string((first["requestState"]?.string ?? "") + "-TAMPERED")
        #expect(try await call(tool, after: .object(first))["error"]?["code"] == -32602)
    }

    @Test func aMissingResponseIsRequestedAgainAndAnExtraOneIgnored() async throws {
        let tool = "test_input_required_result_elicitation"
        let answer: JSONValue = ["action": "accept", "content": ["name": "Ada"]]
        let wrong = try await demo.ask("tools/call", ["name": .string(tool), "inputResponses": ["wrong": answer]])
        #expect(wrong["result"]?["inputRequests"]?.object?.keys == ["user_name"])
        let extra: JSONValue = ["user_name": answer, "more": 5]
        let right = try await demo.ask("tools/call", ["name": .string(tool), "inputResponses": extra])
        #expect(try text(right) == "Hello, Ada!")
    }

    @Test(
        arguments: [5, .null, ["user_name": 5], ["user_name": .null], ["user_name": ["content": [:]]]] as [JSONValue]
    )
    func responsesThatAreNotObjectsAreRefused(responses: JSONValue) async throws {
        let params: JSONObject = [
            "name": "test_input_required_result_elicitation", "inputResponses": responses,
        ]
        #expect(try await demo.ask("tools/call", params)["error"]?["code"] == -32602)
    }

    @Test func onlyDeclaredInputIsRequested() async throws {
        let tool: JSONObject = ["name": "test_input_required_result_capabilities"]
        func keys(_ capabilities: JSONObject) async throws -> [String]? {
            try await DemoHost(capabilities: capabilities).ask("tools/call", tool)["result"]?["inputRequests"]?.object?
                .keys
        }
        #expect(try await keys(["sampling": [:]]) == ["capital_question"])
        #expect(try await keys(["roots": [:], "elicitation": [:]]) == ["user_name", "client_roots"])
        #expect(try await keys([:]) == nil)
        #expect(try await keys(DemoHost.all) == ["user_name", "capital_question", "client_roots"])
    }

    @Test func aPromptCanRequestInputToo() async throws {
        var params: JSONObject = ["name": "test_input_required_result_prompt"]
        let first = try await demo.ask("prompts/get", params)["result"]
        #expect(first?["inputRequests"]?.object?.keys == ["user_context"])
        params["inputResponses"] = ["user_context": ["action": "accept", "content": ["context": "tests"]]]
        let second = try await demo.ask("prompts/get", params)["result"]
        #expect(second?["messages"]?[0]?["content"]?["text"] == "The context is: tests")
    }

    @Test func streamingReportsProgressAndSendsNoRequest() async throws {
        _ = try await demo.ask("tools/call", ["name": "test_streaming_elicitation"], meta: ["progressToken": "p"])
        let messages = try demo.host.inbox.allJSON()
        #expect(messages.map { $0["method"]?.string } == ["notifications/progress", nil])
    }

    @Test(
        arguments: [
            ("test_trigger_tool_change", "toolsListChanged", "notifications/tools/list_changed"),
            ("test_trigger_prompt_change", "promptsListChanged", "notifications/prompts/list_changed"),
            ("test_trigger_resource_change", "resourcesListChanged", "notifications/resources/list_changed"),
        ]
    )
    func aTriggerNotifiesSubscribersOfItsChange(tool: String, wish: String, method: String) async throws {
        let filter = JSONObject([JSONObject.Member(key: wish, value: true)])
        demo.request("subscriptions/listen", ["notifications": .object(filter)])
        for trigger in ["test_trigger_tool_change", "test_trigger_prompt_change", "test_trigger_resource_change"] {
            _ = try await demo.call(trigger)
        }
        let told = try demo.host.inbox.allJSON().compactMap { $0["method"]?.string }
        #expect(told == ["notifications/subscriptions/acknowledged", method])
    }

    // MARK: - Parts

    /// Calls a tool with the responses to its input requests.
    private func call(_ tool: String, after result: JSONValue = .null) async throws -> JSONValue {
        var params: JSONObject = ["name": .string(tool)]
        if result["inputRequests"] != nil { params["inputResponses"] = DemoHost.responses(to: result) }
        params["requestState"] = result["requestState"]
        return try await demo.ask("tools/call", params)
    }

    private func text(_ answer: JSONValue) throws -> String {
        try #require(answer["result"]?["content"]?[0]?["text"]?.string)
    }
}
