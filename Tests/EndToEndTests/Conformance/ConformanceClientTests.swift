import JSON
import TestSupport
import Testing

/// The conformance client with servers that behave like those of the suite's scenarios.
@Suite(.timeLimit(.minutes(15)))
struct ConformanceClientTests {
    private static func tool(_ name: String, _ properties: JSONValue = [:], required: JSONValue = []) -> JSONValue {
        let schema: JSONValue = ["type": "object", "properties": properties, "required": required]
        return ["name": .string(name), "description": "A tool.", "inputSchema": schema]
    }

    /// A server whose tools answer with a text.
    private static func serving(_ tools: [JSONValue]) throws -> SuiteServer {
        try SuiteServer { message in
            switch message.method {
            case "tools/list": .result(["tools": .array(tools)])
            case "tools/call": .result(["content": [["type": "text", "text": "done"]]])
            default: nil
            }
        }
    }

    @Test func initializeShakesHandsAndListsTheTools() async throws {
        let server = try Self.serving([])
        let run = try await server.play("initialize", at: "2025-11-25", path: "/")
        #expect(run.code == 0, "\(run)")
        #expect(server.messages.map(\.method) == ["initialize", "notifications/initialized", "tools/list"])
        let params = server.messages.first?.json["params"]
        #expect(params?["protocolVersion"] == "2025-11-25")
        #expect(params?["clientInfo"]?["name"]?.string?.isEmpty == false)
        #expect(params?["clientInfo"]?["version"]?.string?.isEmpty == false)
    }

    @Test(arguments: ["2025-11-25", "2026-07-28"])
    func toolsCallAddsNumbers(_ revision: String) async throws {
        let number: JSONValue = ["type": "number"]
        let server = try Self.serving([Self.tool("add_numbers", ["a": number, "b": number], required: ["a", "b"])])
        let run = try await server.play("tools_call", at: revision)
        #expect(run.code == 0, "\(run)")
        let call = try #require(server.messages.last)
        #expect(call.tool == "add_numbers")
        #expect(call.json["params"]?["arguments"]?["a"]?.number != nil)
        #expect(call.json["params"]?["arguments"]?["b"]?.number != nil)
    }

    @Test func aClosedStreamIsResumedAfterItsLastEvent() async throws {
        let priming = "id: event-7\nretry: 50\ndata: \n\n"
        let answer = #"{"jsonrpc":"2.0","id":<id>,"result":{"content":[{"type":"text","text":"resumed"}]}}"#
        let called = Gate()
        let id = Mailbox()
        let server = try SuiteServer { request in
            guard request["last-event-id"] == "event-7" else { return SuiteServer.silence }
            return { connection in
                try await called.wait()
                let body = answer.replacing("<id>", with: String(decoding: await id.next(), as: UTF8.self))
                try await connection.beginEvents()
                try await connection.chunk("event: message\nid: event-8\ndata: \(body)\n\n")
                await connection.untilClosed()
            }
        } reply: { message in
            switch message.method {
            case "initialize":
                return .result([
                    "protocolVersion": "2025-03-26", "capabilities": ["tools": [:]],
                    "serverInfo": ["name": "s", "version": "1"],
                ])
            case "tools/list": return .result(["tools": [Self.tool("test_reconnection")]])
            case "tools/call":
                id.put(Array((message.json["id"] ?? nil).description.utf8))
                called.open()
                return .script { connection in
                    try await connection.beginEvents()
                    try await connection.chunk(priming)
                    try await connection.endChunks()
                }
            default: return nil
            }
        }
        let run = try await server.play("sse-retry", at: "2025-11-25")
        #expect(run.code == 0, "\(run)")
        #expect(run.errors.contains("resumed"), "\(run)")
        #expect(server.requests.contains { $0.method == "GET" && $0["last-event-id"] == "event-7" })
    }

    @Test func aRefusedVersionIsRetriedAndEveryRequestNamesTheClient() async throws {
        let refused = Mailbox()
        let server = try SuiteServer { message in
            if refused.frames.isEmpty {
                refused.put([])
                let data: JSONValue = ["supported": ["2026-07-28"], "requested": "1999-01-01"]
                return .error(status: 400, ["code": -32022, "message": "Unsupported protocol version", "data": data])
            }
            return message.method == "tools/list" ? .result(["tools": []]) : nil
        }
        let run = try await server.play("request-metadata", at: "2026-07-28", path: "/")
        #expect(run.code == 0, "\(run)")
        #expect(server.messages.count >= 3 && server.messages.last?.method == "tools/list", "\(server.messages)")
        for message in server.messages {
            let meta = try #require(message.meta, "\(message.json)")
            #expect(meta["io.modelcontextprotocol/protocolVersion"] == "2026-07-28")
            #expect(message.http["mcp-protocol-version"] == "2026-07-28")
            #expect(meta["io.modelcontextprotocol/clientCapabilities"]?.object != nil)
            #expect(meta["io.modelcontextprotocol/clientInfo"]?["name"] != nil)
        }
    }

    @Test func theHeadersOfEveryRequestHaveItsMethodAndName() async throws {
        let server = try SuiteServer { message in
            switch message.method {
            case "tools/list":
                .result(["tools": [Self.tool("test_headers"), Self.tool("my-hyphenated-tool")]])
            case "tools/call": .result(["content": []])
            case "resources/list": .result(["resources": [["uri": "file:///a b", "name": "a"]]])
            case "resources/read": .result(["contents": []])
            case "prompts/list":
                .result(["prompts": [["name": "greet", "arguments": [["name": "who", "required": true]]]]])
            case "prompts/get": .result(["messages": []])
            default: nil
            }
        }
        let run = try await server.play("http-standard-headers", at: "2026-07-28")
        #expect(run.code == 0, "\(run)")
        let names = server.messages.compactMap { message -> String? in
            #expect(message.http["mcp-method"] == message.method)
            let name = message.json["params"]?["name"] ?? message.json["params"]?["uri"]
            #expect(message.http["mcp-name"] == name?.string, "\(message.json)")
            return name?.string
        }
        #expect(names == ["test_headers", "my-hyphenated-tool", "file:///a b", "greet"])
        #expect(server.messages.last?.json["params"]?["arguments"]?["who"] != nil)
    }

    @Test func argumentsAreRepeatedInHeadersAsTheSchemaRequires() async throws {
        let properties: JSONValue = [
            "region": ["type": "string", "x-mcp-header": "Region"],
            "priority": ["type": "integer", "x-mcp-header": "Priority"],
            "debug": ["type": "boolean", "x-mcp-header": "Debug"],
            "empty": ["type": "string", "x-mcp-header": "Empty"],
            "verbose": ["type": "boolean", "x-mcp-header": "Verbose"],
            "padded": ["type": "string", "x-mcp-header": "Padded"],
            "lines": ["type": "string", "x-mcp-header": "Lines"],
            "abroad": ["type": "string", "x-mcp-header": "Abroad"],
            "query": ["type": "string"],
        ]
        let arguments: JSONValue = [
            "region": "us-west1", "priority": 42, "debug": true, "empty": "", "verbose": nil, "padded": " us ",
            "lines": "line1\r\nline2", "abroad": "Hello, 世界", "query": "SELECT 1",
        ]
        let server = try Self.serving([Self.tool("test_custom_headers", properties)])
        let call: JSONValue = ["name": "test_custom_headers", "arguments": arguments]
        let run = try await server.play("http-custom-headers", at: "2026-07-28", context: ["toolCalls": [call]])
        #expect(run.code == 0, "\(run)")
        let message = try #require(server.messages.last)
        #expect(message.json["params"]?["arguments"] == arguments)
        let mirrored = message.http.fields.filter { $0.name.lowercased().hasPrefix("mcp-param-") }
            .map { "\($0.name.lowercased().dropFirst("mcp-param-".count))=\($0.value)" }.sorted()
        #expect(
            mirrored == [
                "abroad==?base64?SGVsbG8sIOS4lueVjA==?=", "debug=true", "empty=", "lines==?base64?bGluZTENCmxpbmUy?=",
                "padded==?base64?IHVzIA==?=", "priority=42", "region=us-west1",
            ]
        )
    }

    @Test func toolsThatRequireInvalidHeadersAreNotCalled() async throws {
        func annotated(_ name: String, _ header: JSONValue, type: String = "string") -> JSONValue {
            Self.tool(name, ["value": ["type": .string(type), "x-mcp-header": header]])
        }
        let server = try Self.serving([
            annotated("invalid_empty_header", ""), annotated("invalid_object_header", "Data", type: "object"),
            annotated("invalid_array_header", "Data", type: "array"),
            annotated("invalid_null_header", "Data", type: "null"),
            annotated("invalid_space_in_name", "My Region"), annotated("invalid_colon_in_name", "My:Region"),
            annotated("invalid_non_ascii_name", "Région"), annotated("invalid_control_char_name", "A\tB"),
            Self.tool(
                "invalid_duplicate_diff_case",
                ["a": ["type": "string", "x-mcp-header": "Same"], "b": ["type": "string", "x-mcp-header": "SAME"]]
            ),
            annotated("valid_tool", "Region"),
        ])
        let run = try await server.play("http-invalid-tool-headers", at: "2026-07-28")
        #expect(run.code == 0, "\(run)")
        #expect(server.messages.compactMap(\.tool) == ["valid_tool"])
        #expect(server.messages.last?.http["mcp-param-region"] != nil)
    }

    @Test func aNetworkReferenceIsNotFollowed() async throws {
        let far: JSONValue = ["$ref": "http://127.0.0.1:9/canary.json"]
        let server = try Self.serving([Self.tool("lookup_user", ["id": ["$ref": "#/$defs/id"], "profile": far])])
        let run = try await server.play("json-schema-ref-no-deref", at: "2026-07-28")
        #expect(run.code == 0, "\(run)")
        #expect(server.messages.last?.method == "tools/list")
        #expect(server.requests.allSatisfy { $0.target == "/mcp" })
    }

    @Test func aSchemaIsSentBackUnchanged() async throws {
        let schema =
            #"{"$schema":"https://json-schema.org/draft/2020-12/schema","type":"object","#
            + #""$defs":{"address":{"$anchor":"addressDef"}},"allOf":[{"anyOf":[{"required":["phone"]}]}],"#
            + #""properties":{"n":{"const":1.0}},"if":{},"then":{},"else":{},"additionalProperties":false}"#
        let server = try Self.serving([
            ["name": "json_schema_2020_12_tool", "inputSchema": try JSONValue(parsing: schema)],
            Self.tool("json_schema_echo", ["schema": ["type": "object"]], required: ["schema"]),
        ])
        let run = try await server.play("json-schema-2020-12-preservation", at: "2026-07-28")
        #expect(run.code == 0, "\(run)")
        #expect(server.messages.last?.http.text.contains(#""arguments":{"schema":\#(schema)}"#) == true)
    }

    @Test func aFormIsAcceptedWithTheDefaultsOfItsSchema() async throws {
        let schema: JSONValue = [
            "type": "object",
            "properties": [
                "name": ["type": "string", "default": "John Doe"], "age": ["type": "integer", "default": 30],
                "score": ["type": "number", "default": 95.5], "verified": ["type": "boolean", "default": true],
                "status": ["type": "string", "enum": ["active", "inactive"], "default": "active"],
            ],
        ]
        let question: JSONValue = [
            "jsonrpc": "2.0", "id": "q1", "method": "elicitation/create",
            "params": ["message": "Please", "requestedSchema": schema],
        ]
        let answered = Mailbox()
        let server = try SuiteServer { message in
            if message.json["id"] == "q1" {
                answered.put(message.http.body)
                return .script { try await $0.answer(202, []) }
            }
            if message.method == "tools/list" { return .result(["tools": []]) }
            guard message.method == "tools/call", let id = message.json["id"] else { return nil }
            return .script { connection in
                try await connection.beginEvents()
                try await connection.chunk("data: \(question)\n\n")
                _ = await answered.next()
                let result: JSONValue = ["jsonrpc": "2.0", "id": id, "result": ["content": []]]
                try await connection.chunk("data: \(result)\n\n")
                try await connection.endChunks()
            }
        }
        let run = try await server.play("elicitation-sep1034-client-defaults", at: "2025-11-25")
        #expect(run.code == 0, "\(run)")
        #expect(server.messages.first?.json["params"]?["capabilities"]?["elicitation"] != nil)
        let answer = try #require(try answered.allJSON().first)
        #expect(answer["result"]?["action"] == "accept", "\(answer)")
        let expected: JSONValue = ["name": "John Doe", "age": 30, "score": 95.5, "verified": true, "status": "active"]
        #expect(answer["result"]?["content"] == expected, "\(answer)")
    }

    @Test func theStateIsSentBackUnchangedAndNowhereElse() async throws {
        let state = #"{"nonce": "a-1",  "z":1.0}"#
        let questions: JSONValue = [
            "confirm": [
                "method": "elicitation/create",
                "params": [
                    "message": "Sure?",
                    "requestedSchema": ["type": "object", "properties": ["confirmed": ["type": "boolean"]]],
                ],
            ]
        ]
        let server = try SuiteServer { message in
            guard let tool = message.tool else { return message.method == "tools/list" ? .result(["tools": []]) : nil }
            let asks = ["test_mrtr_echo_state", "test_mrtr_no_state"].contains(tool)
            guard asks, message.json["params"]?["inputResponses"] == nil else {
                // One of the results does not say that it is complete.
                guard tool == "test_mrtr_no_result_type", let id = message.json["id"] else {
                    return .result(["content": []])
                }
                let body = #"{"jsonrpc":"2.0","id":\#(id),"result":{"content":[]}}"#
                return .script { try await $0.answer(200, body: body) }
            }
            var result: JSONObject = ["resultType": "input_required", "inputRequests": questions]
            if tool == "test_mrtr_echo_state" { result["requestState"] = .string(state) }
            return .result(.object(result))
        }
        let run = try await server.play("sep-2322-client-request-state", at: "2026-07-28")
        #expect(run.code == 0, "\(run)")
        let calls = server.messages.filter { $0.tool != nil }
        #expect(
            calls.map(\.tool) == [
                "test_mrtr_echo_state", "test_mrtr_echo_state", "test_mrtr_unrelated", "test_mrtr_no_state",
                "test_mrtr_no_state", "test_mrtr_no_result_type",
            ]
        )
        #expect(calls.map { $0.json["params"]?["requestState"]?.string } == [nil, state, nil, nil, nil, nil])
        let answered = calls.map { $0.json["params"]?["inputResponses"]?["confirm"]?["content"] }
        #expect(answered == [nil, ["confirmed": true], nil, nil, ["confirmed": true], nil])
        #expect(Set(calls.compactMap { $0.json["id"]?.description }).count == calls.count)
    }

    @Test func anUnknownScenarioIsReported() async throws {
        let server = try Self.serving([])
        let run = try await server.play("auth/no-such-scenario", at: "2026-07-28")
        #expect(run.code == 2, "\(run)")
        #expect(run.errors.contains("auth/no-such-scenario") && run.errors.contains("tools_call"))
        #expect(server.requests.isEmpty)
    }

    @Test func aRefusingServerFailsTheScenario() async throws {
        let server = try SuiteServer { _ in .error(status: 500, ["code": -32603, "message": "broken"]) }
        let run = try await server.play("tools_call", at: "2026-07-28")
        #expect(run.code == 1, "\(run)")
        #expect(!run.errors.isEmpty)
    }
}
