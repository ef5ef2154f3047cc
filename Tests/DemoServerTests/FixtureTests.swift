import DemoServer
import JSON
import JSONRPC
import MCP
import MCPTransport
import TestSupport
import Testing

/// The fixtures of the official conformance suite.
@Suite(.timeLimit(.minutes(15)))
struct FixtureTests {
    private static let revisions: [Revision] = [.latestLegacy, .latest]

    // MARK: - Tools

    @Test(arguments: revisions)
    func everyToolHasANameADescriptionAndAnObjectSchema(revision: Revision) async throws {
        let demo = try DemoHost(revision: revision)
        try await demo.open()
        let tools = try #require(try await demo.ask("tools/list")["result"]?["tools"]?.array)
        let allowed = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.")
        for tool in tools {
            let name = try #require(tool["name"]?.string)
            #expect((1...64).contains(name.count) && name.allSatisfy(allowed.contains), "\(name)")
            #expect(tool["description"]?.string?.isEmpty == false, "\(name)")
            #expect(tool["inputSchema"]?["type"] == "object", "\(name)")
        }
        let names = tools.compactMap { $0["name"]?.string }
        #expect(Set(names).count == names.count)
        #expect(Array(names.prefix(4)) == ["echo", "add", "divide", "weather"])
    }

    @Test(arguments: revisions)
    func theContentFixturesReturnTheirContent(revision: Revision) async throws {
        let demo = try DemoHost(revision: revision)
        try await demo.open()
        #expect(
            try await demo.call("test_simple_text")["content"]?[0]?["text"]
                == "This is a simple text response for testing."
        )

        let image = try await demo.call("test_image_content", [:])["content"]?[0]
        #expect(image?["type"] == "image")
        #expect(image?["mimeType"] == "image/png")
        #expect(image?["data"]?.string?.hasPrefix("iVBORw0KGgo") == true)

        let audio = try await demo.call("test_audio_content", [:])["content"]?[0]
        #expect(audio?["type"] == "audio")
        #expect(audio?["mimeType"] == "audio/wav")
        #expect(audio?["data"]?.string?.hasPrefix("UklGR") == true)

        let resource = try await demo.call("test_embedded_resource", [:])["content"]?[0]
        #expect(resource?["type"] == "resource")
        #expect(resource?["resource"]?["uri"] == "test://embedded-resource")
        #expect(resource?["resource"]?["mimeType"] == "text/plain")
        #expect(resource?["resource"]?["text"]?.string?.isEmpty == false)

        let mixed = try await demo.call("test_multiple_content_types", [:])["content"]
        #expect(mixed?.array?.map { $0["type"]?.string } == ["text", "image", "resource"])
        #expect(mixed?[2]?["resource"]?["uri"] == "test://mixed-content-resource")
        #expect(mixed?[2]?["resource"]?["mimeType"] == "application/json")
    }

    @Test(arguments: revisions)
    func theErrorFixtureReturnsAToolError(revision: Revision) async throws {
        let demo = try DemoHost(revision: revision)
        try await demo.open()
        let result = try await demo.call("test_error_handling", [:])
        #expect(result["isError"] == true)
        #expect(result["content"]?[0]?["text"] == "This tool intentionally returns an error for testing")
    }

    @Test(arguments: revisions)
    func theProgressFixtureReportsThreeTimesBeforeItsResult(revision: Revision) async throws {
        let demo = try DemoHost(revision: revision)
        try await demo.open()
        let before = demo.host.inbox.frames.count
        _ = try await demo.call("test_tool_with_progress", [:], meta: ["progressToken": "token-1"])
        let frames = try demo.host.inbox.allJSON()[before...]
        #expect(frames.dropLast().map { $0["params"]?["progress"] } == [0, 50, 100])
        #expect(frames.dropLast().allSatisfy { $0["params"]?["progressToken"] == "token-1" })
        #expect(frames.last?["result"] != nil)
    }

    @Test func theLoggingFixtureLogsThreeMessagesToALegacyClient() async throws {
        let demo = try DemoHost(revision: .latestLegacy)
        try await demo.open()
        #expect(try await demo.ask("logging/setLevel", ["level": "debug"])["result"] == [:])
        let before = demo.host.inbox.frames.count
        _ = try await demo.call("test_tool_with_logging", [:])
        let frames = try demo.host.inbox.allJSON()[before...]
        #expect(frames.dropLast().map { $0["params"]?["level"] } == ["info", "info", "info"])
    }

    @Test func theStatelessLoggingFixtureLogsOnlyOnRequest() async throws {
        let demo = try DemoHost()
        _ = try await demo.call("test_logging_tool", [:])
        #expect(demo.host.inbox.frames.count == 1)
        _ = try await demo.call("test_logging_tool", [:], meta: ["io.modelcontextprotocol/logLevel": "warning"])
        let levels = try demo.host.inbox.allJSON().compactMap { $0["params"]?["level"]?.string }
        #expect(levels == ["warning", "error", "critical", "alert", "emergency"])
    }

    @Test func theCapabilityFixtureNamesTheMissingCapability() async throws {
        let host = try DemoHost().host
        let answer = try await host.ask(
            "tools/call",
            [
                "name": "test_missing_capability",
                "_meta": [
                    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
                    "io.modelcontextprotocol/clientCapabilities": [:],
                ],
            ]
        )
        #expect(answer["error"]?["code"] == -32021)
        #expect(answer["error"]?["data"]?["requiredCapabilities"] == ["sampling": [:]])
        #expect(try await DemoHost().call("test_missing_capability")["isError"] == false)
    }

    @Test(arguments: revisions)
    func theSchemaFixtureIsListedExactly(revision: Revision) async throws {
        let demo = try DemoHost(revision: revision)
        try await demo.open()
        let tools = try await demo.ask("tools/list")["result"]?["tools"]?.array
        let schema = tools?.first { $0["name"] == "json_schema_2020_12_tool" }?["inputSchema"]
        let expected = """
            {"$schema":"https://json-schema.org/draft/2020-12/schema","type":"object","$defs":{"address":{\
            "$anchor":"addressDef","type":"object","properties":{"street":{"type":"string"},"city":{"type":"string"}}}},\
            "properties":{"name":{"type":"string"},"address":{"$ref":"#/$defs/address"},"contactMethod":{"type":"string",\
            "enum":["phone","email"]},"phone":{"type":"string"},"email":{"type":"string"}},"allOf":[{"anyOf":[{"required":\
            ["phone"]},{"required":["email"]}]}],"if":{"properties":{"contactMethod":{"const":"phone"}},"required":\
            ["contactMethod"]},"then":{"required":["phone"]},"else":{"required":["email"]},"additionalProperties":false}
            """
        #expect(schema?.description == expected)
        #expect(try await demo.call("json_schema_2020_12_tool", ["email": "a@b"])["isError"] == false)
        #expect(try await demo.call("json_schema_2020_12_tool", ["contactMethod": "phone"])["isError"] == true)
    }

    // MARK: - Everyday tools

    @Test func theEverydayToolsWorkAsDescribed() async throws {
        let demo = try DemoHost()
        #expect(try await demo.call("echo", ["message": "Grüße 👋"])["content"]?[0]?["text"] == "Grüße 👋")
        #expect(try await demo.call("add", ["a": 2, "b": 0.5])["structuredContent"] == ["sum": 2.5])
        #expect(try await demo.call("divide", ["dividend": 1, "divisor": 4])["content"]?[0]?["text"] == "0.25")
        #expect(try await demo.call("divide", ["dividend": 1, "divisor": 0])["isError"] == true)
        let weather = try await demo.call("weather", ["city": "Lisbon", "unit": "fahrenheit"])["structuredContent"]
        #expect(weather?["unit"] == "fahrenheit")
        #expect(
            weather == (try await demo.call("weather", ["city": "Lisbon", "unit": "fahrenheit"])["structuredContent"])
        )
        #expect(try await demo.call("slow", ["seconds": 0.5])["content"]?[0]?["text"] == "Done after 0.5 s.")
        #expect(try await demo.call("long_text", ["characters": 1234])["content"]?[0]?["text"]?.string?.count == 1234)
    }

    @Test func slowReportsProgressAndCanBeCancelled() async throws {
        let demo = try DemoHost(isEager: false)
        let id = demo.request("tools/call", ["name": "slow", "arguments": ["seconds": 10]], meta: ["progressToken": 1])
        demo.clock.advance(by: .seconds(1))
        #expect(try await demo.host.inbox.nextJSON()["params"]?["progress"] == 1)
        demo.host.notify("notifications/cancelled", ["requestId": id.value])
        await demo.host.conversation.finish()
        #expect(demo.host.inbox.frames.count == 1)
    }

    // MARK: - Resources

    @Test(arguments: revisions)
    func theResourcesAreListedAndCanBeRead(revision: Revision) async throws {
        let demo = try DemoHost(revision: revision)
        try await demo.open()
        let resources = try await demo.ask("resources/list")["result"]?["resources"]?.array ?? []
        let uris = resources.compactMap { $0["uri"]?.string }
        #expect(Set(uris).isSuperset(of: ["test://static-text", "test://static-binary", "test://watched-resource"]))
        for resource in resources {
            let uri = try #require(resource["uri"])
            let contents = try await demo.ask("resources/read", ["uri": uri])["result"]?["contents"]?[0]
            #expect(contents?["uri"] == uri)
            #expect(contents?["mimeType"] == resource["mimeType"])
            #expect((contents?["text"] == nil) != (contents?["blob"] == nil))
        }
        let binary = try await demo.ask("resources/read", ["uri": "test://static-binary"])["result"]?["contents"]?[0]
        #expect(binary?["blob"]?.string?.hasPrefix("iVBORw0KGgo") == true)
    }

    @Test(arguments: revisions)
    func theTemplatesAreReadWithTheirVariable(revision: Revision) async throws {
        let demo = try DemoHost(revision: revision)
        try await demo.open()
        let data = try await demo.ask("resources/read", ["uri": "test://template/123/data"])["result"]?["contents"]?[0]
        #expect(data?["mimeType"] == "application/json")
        #expect(data?["text"]?.string?.contains("123") == true)
        let weather = try await demo.ask("resources/read", ["uri": "demo://weather/S%C3%A3o%20Paulo"])["result"]
        #expect(weather?["contents"]?[0]?["text"]?.string?.contains("São Paulo") == true)
    }

    // MARK: - Prompts and completion

    @Test(arguments: revisions)
    func thePromptsAreFilledIn(revision: Revision) async throws {
        let demo = try DemoHost(revision: revision)
        try await demo.open()
        let prompts = try await demo.ask("prompts/list")["result"]?["prompts"]?.array ?? []
        #expect(prompts.allSatisfy { $0["name"]?.string != nil && $0["description"]?.string != nil })

        let simple = try await messages("test_simple_prompt", [:], demo)
        #expect(simple?[0]?["role"] == "user")
        let arguments: JSONValue = ["arg1": "testValue1", "arg2": "testValue2"]
        let filled = try await messages("test_prompt_with_arguments", arguments, demo)
        #expect(filled?[0]?["content"]?["text"] == "Prompt with arguments: arg1='testValue1', arg2='testValue2'")
        let resource = try await messages("test_prompt_with_embedded_resource", ["resourceUri": "test://x"], demo)
        #expect(resource?[0]?["content"]?["resource"]?["uri"] == "test://x")
        let image = try await messages("test_prompt_with_image", [:], demo)
        #expect(image?[0]?["content"]?["mimeType"] == "image/png")
    }

    @Test(arguments: revisions)
    func argumentsAreCompleted(revision: Revision) async throws {
        let demo = try DemoHost(revision: revision)
        try await demo.open()
        let fixture: JSONObject = [
            "ref": ["type": "ref/prompt", "name": "test_prompt_with_arguments"],
            "argument": ["name": "arg1", "value": "par"],
        ]
        #expect(try await demo.ask("completion/complete", fixture)["result"]?["completion"]?["values"]?.array != nil)
        let city: JSONObject = [
            "ref": ["type": "ref/resource", "uri": "demo://weather/{city}"],
            "argument": ["name": "city", "value": "li"],
        ]
        let completion = try await demo.ask("completion/complete", city)["result"]?["completion"]
        #expect(completion == ["values": ["Lima", "Lisbon"], "total": 2, "hasMore": false])
    }

    private func messages(_ prompt: String, _ arguments: JSONValue, _ demo: DemoHost) async throws -> JSONValue? {
        try await demo.ask("prompts/get", ["name": .string(prompt), "arguments": arguments])["result"]?["messages"]
    }
}
