import JSON
import MCP
import TestSupport
import Testing

/// The fixtures that request input from legacy clients, and those that announce changes to them.
@Suite(.timeLimit(.minutes(5)))
struct InputFixtureTests {
    @Test func samplingReturnsTheModelsMessage() async throws {
        let (demo, result) = try await called("test_sampling", ["prompt": "The capital of France?"])
        let question = try await demo.host.inbox.question("sampling/createMessage")
        #expect(
            question["params"]?["messages"]
                == [["role": "user", "content": ["type": "text", "text": "The capital of France?"]]]
        )
        #expect(question["params"]?["maxTokens"] == 100)
        #expect(result["content"]?[0]?["text"] == "LLM response: Paris")
    }

    @Test func elicitationAcceptsAnyFilledInForm() async throws {
        let (demo, result) = try await called("test_elicitation", ["message": "Who are you?"])
        let question = try await demo.host.inbox.question("elicitation/create")
        #expect(question["params"]?["message"] == "Who are you?")
        #expect(question["params"]?["requestedSchema"]?["required"] == ["username", "email"])
        #expect(result["content"]?[0]?["text"]?.string?.contains("action=accept") == true)
    }

    @Test(arguments: ["decline", "cancel"])
    func aRefusalOfTheUserIsAResponseToo(action: String) async throws {
        let demo = try await opened()
        let id = demo.request("tools/call", ["name": "test_elicitation", "arguments": ["message": "?"]])
        let question = try await demo.host.inbox.next("elicitation/create")
        demo.host.send(
            text: #"{"jsonrpc":"2.0","id":\#(question["id"] ?? .null),"result":{"action":"\#(action)"}}"#
        )
        let result = try await demo.host.answer(to: id)["result"]
        #expect(result?["content"]?[0]?["text"]?.string == "Elicitation completed: action=\(action)")
    }

    @Test func theFormWithDefaultsHasThemExactly() async throws {
        let (demo, _) = try await called("test_elicitation_sep1034_defaults")
        let form = try await demo.host.inbox.question("elicitation/create")["params"]?["requestedSchema"]
        let fields = try #require(form?["properties"]?.object)
        #expect(
            fields.members.map { "\($0.key) \($0.value["type"] ?? .null) \($0.value["default"] ?? .null)" } == [
                #"name "string" "John Doe""#, #"age "integer" 30"#, #"score "number" 95.5"#,
                #"status "string" "active""#, #"verified "boolean" true"#,
            ]
        )
        #expect(fields["status"]?["enum"] == ["active", "inactive", "pending"])
    }

    @Test func theFormWithChoicesHasEachKind() async throws {
        let (demo, _) = try await called("test_elicitation_sep1330_enums")
        let form = try await demo.host.inbox.question("elicitation/create")["params"]?["requestedSchema"]
        let fields = try #require(form?["properties"]?.object)
        #expect(fields.keys == ["untitledSingle", "titledSingle", "legacyEnum", "untitledMulti", "titledMulti"])
        #expect(fields["untitledSingle"]?.object?.keys == ["type", "enum"])
        #expect(fields["titledSingle"]?.object?.keys == ["type", "oneOf"])
        #expect(fields["titledSingle"]?["oneOf"]?[0]?.object?.keys == ["const", "title"])
        #expect(fields["legacyEnum"]?["enum"]?.array?.count == fields["legacyEnum"]?["enumNames"]?.array?.count)
        #expect(fields["untitledMulti"]?["items"]?.object?.keys == ["type", "enum"])
        #expect(fields["titledMulti"]?["items"]?.object?.keys == ["anyOf"])
    }

    @Test func elicitationByURLHasAnIDIn20251125() async throws {
        let (demo, result) = try await called("test_elicitation_url")
        let question = try await demo.host.inbox.question("elicitation/create")["params"]
        #expect(question?["mode"] == "url")
        #expect(question?["url"] == "https://example.com/consent")
        #expect(question?["elicitationId"]?.string?.isEmpty == false)
        #expect(result["isError"] == false)
    }

    @Test func subscribersAreNotifiedOfTheWatchedResource() async throws {
        let demo = try await opened()
        let watched: JSONObject = ["uri": "test://watched-resource"]
        _ = try await demo.call("test_trigger_resource_change")
        #expect(try await demo.ask("resources/subscribe", watched)["result"] == [:])
        _ = try await demo.call("test_trigger_resource_change")
        #expect(try await demo.ask("resources/unsubscribe", watched)["result"] == [:])
        _ = try await demo.call("test_trigger_resource_change")
        let methods = try demo.host.inbox.allJSON().compactMap { $0["method"]?.string }
        #expect(methods.count { $0 == "notifications/resources/updated" } == 1)
        #expect(methods.count { $0 == "notifications/resources/list_changed" } == 3)
    }

    private func opened() async throws -> DemoHost {
        let demo = try DemoHost(revision: .latestLegacy, capabilities: DemoHost.all)
        try await demo.open()
        return demo
    }

    private func called(_ tool: String, _ arguments: JSONValue? = nil) async throws -> (DemoHost, JSONValue) {
        let demo = try await opened()
        return (demo, try await demo.call(tool, arguments))
    }
}

extension Mailbox {
    /// The first received input request with a method.
    fileprivate func question(_ method: String) async throws -> JSONValue {
        try #require(try allJSON().first { $0["method"]?.string == method })
    }
}
