import JSON
import MCPClient
import TestSupport
import Tester
import Testing

/// The one answer object: verdict first, then what users of the first mcp-test-mcp know, then the target's words, and
/// after a failure class, evidence and next step last.
@Suite(.timeLimit(.minutes(15)))
struct ReportShapeTests {
    @Test func aSuccessBeginsWithTheVerdict() async throws {
        let answer = await (try await session()).callTool("echo")
        let keys = try #require(answer.structured.members?.map(\.key))
        #expect(keys == ["verdict", "success", "tool_call", "checks", "metadata"])
        #expect(answer.structured["success"]?.bool == true)
        let verdict = answer.structured["verdict"]?.string ?? ""
        // The time is in the result.
        #expect(
            verdict
                == "PASS: tool \"echo\" returned a result; not checked against its schemas: list_tools was not called"
        )
    }

    @Test func aFailureEndsWithClassEvidenceAndNextStep() async throws {
        let answer = await (try await session()).callTool("fail")
        let keys = try #require(answer.structured.members?.map(\.key))
        #expect(
            keys == [
                "verdict", "success", "tool_call", "error", "metadata", "target_result", "failure_class",
                "repeat_with", "evidence",
            ]
        )
        #expect(answer.verdict.hasPrefix("FAIL: "))
    }

    @Test func aLongVerdictEndsAfterAWord() {
        let words = Report(.fail, String(repeating: "letters ", count: 60)).verdict
        #expect(words.hasSuffix(" letters…") && words.count <= Report.verdictLimit, "\(words)")
        // What has no words is cut as it is.
        let whole = Report(.fail, String(repeating: "x", count: 600)).verdict
        #expect(whole.hasSuffix("xxx…") && whole.count == Report.verdictLimit, "\(whole)")
    }

    @Test func everyToolHasItsKeysOnSuccess() async throws {
        let session = try await session()
        let statistics = ["tools_called", "resources_accessed", "prompts_executed", "errors"]
        let list = ["server_url", "retrieved_at", "request_time_ms", "server_name", "server_version"]
        let call = await session.callTool("echo").json
        expect(call["tool_call"], has: ["tool_name", "arguments", "result", "execution"])
        expect(call["tool_call"]?["execution"], has: ["duration_ms", "success"])
        expect(call["metadata"], has: ["request_time_ms", "server_url", "connection_statistics"])
        expect(call["metadata"]?["connection_statistics"], has: statistics)

        let tools = await session.listTools().json
        expect(tools["tools"]?[0], has: ["name", "description", "input_schema"])
        expect(tools["metadata"], has: ["total_tools"] + list)

        let resources = await session.listResources().json
        expect(resources["resources"]?[0], has: ["uri", "name", "description", "mimeType"])
        #expect(resources["resource_templates"] == [])
        expect(resources["metadata"], has: ["total_resources"] + list)

        let prompts = await session.listPrompts().json
        expect(prompts["prompts"]?[0], has: ["name", "description", "arguments"])
        expect(prompts["metadata"], has: ["total_prompts"] + list)

        let resource = await session.readResource("memo://hello").json
        expect(resource["resource"], has: ["uri", "mimeType", "content"])
        expect(resource["metadata"], has: ["content_size", "request_time_ms", "server_url", "connection_statistics"])

        let prompt = await session.getPrompt("greet").json
        expect(prompt["prompt"], has: ["name", "description", "messages"])

        let status = session.status().json
        expect(status, has: ["connected", "connection", "message", "metadata"])
        expect(
            status["connection"],
            has: [
                "server_url", "transport", "connected_at", "server_info", "statistics", "headers_provided", "auth_type",
            ]
        )
        expect(status["connection"]?["server_info"], has: ["name", "version", "capabilities"])
        #expect(
            status["connection"]?["server_info"]?["capabilities"] == [
                "tools": true, "resources": true, "prompts": true,
            ]
        )
        expect(status["connection"]?["statistics"], has: statistics)
        expect(status["metadata"], has: ["request_time_ms", "connection_duration_seconds"])

        let gone = await session.disconnect().json
        expect(gone, has: ["message", "was_connected", "metadata"])
        expect(gone["metadata"], has: ["request_time_ms", "was_connected", "previous_connection"])
        expect(
            gone["metadata"]?["previous_connection"],
            has: ["server_url", "transport", "duration_seconds", "statistics"]
        )
    }

    @Test func everyToolHasItsEmptyPayloadAndItsErrorWithoutAConnection() async throws {
        let session = try await session()
        _ = await session.disconnect()
        let payloads: [(JSONValue, String, JSONValue)] = [
            (await session.callTool("echo").json, "tool_call", nil),
            (await session.listTools().json, "tools", []),
            (await session.listResources().json, "resources", []),
            (await session.listPrompts().json, "prompts", []),
            (await session.readResource("x:y").json, "resource", nil),
            (await session.getPrompt("p").json, "prompt", nil),
        ]
        for (answer, key, empty) in payloads {
            #expect(answer[key] == empty, "\(key)")
            #expect(answer["success"] == false)
            expect(answer["error"], has: ["error_type", "message", "details", "suggestion"])
            #expect(answer["error"]?["error_type"] == "not_connected")
            #expect(answer["failure_class"] == "transport")
            expect(answer["metadata"], has: ["request_time_ms"])
            #expect(answer.outcome == "ERROR")
        }
        #expect(session.status().json["connected"] == false)
        #expect(session.status().json["connection"]?.isNull == true)
        #expect(await session.disconnect().json["success"] == true)
    }

    @Test func everyToolHasItsEmptyPayloadWhenTheServerRefuses() async throws {
        let server = CannedServer { _, message in
            message["id"] == nil || message["method"] == "initialize" || message["method"] == "server/discover"
                ? nil : .error(#"{"code":-32603,"message":"no"}"#)
        }
        let session = try await TesterSession.connected(to: server)
        let answers: [(JSONValue, String, JSONValue)] = [
            (await session.callTool("echo").json, "tool_call", nil),
            (await session.listTools().json, "tools", []),
            (await session.listResources().json, "resources", []),
            (await session.listPrompts().json, "prompts", []),
            (await session.readResource("x:y").json, "resource", nil),
            (await session.getPrompt("p").json, "prompt", nil),
        ]
        for (answer, key, empty) in answers {
            #expect(answer[key] == empty, "\(key)")
            expectFailure(answer, "protocol_error", "execution_error", says: "-32603")
            #expect(answer["target_error"] == ["code": -32603, "message": "no"], "\(key)")
        }
        #expect(session.connections.first?.statistics.errors == 6)
    }

    private func expect(_ value: JSONValue?, has keys: [String], sourceLocation: SourceLocation = #_sourceLocation) {
        let missing = keys.filter { value?[$0] == nil }
        #expect(missing.isEmpty, "missing \(missing) in \(value ?? nil)", sourceLocation: sourceLocation)
    }

    private func session() async throws -> TesterSession {
        try await TesterSession.connected(
            to: CannedServer { method, message in
                switch (method, message["params"]?["name"]) {
                case ("tools/call", "fail"): .result(#"{"content":[{"type":"text","text":"broken"}],"isError":true}"#)
                case ("tools/call", _): .result(#"{"content":[{"type":"text","text":"hi"}]}"#)
                case ("tools/list", _):
                    .result(#"{"tools":[{"name":"echo","inputSchema":{}},{"name":"fail","inputSchema":{}}]}"#)
                case ("resources/list", _): .result(#"{"resources":[{"uri":"memo://hello","name":"hello"}]}"#)
                case ("resources/templates/list", _): .result(#"{"resourceTemplates":[]}"#)
                case ("prompts/list", _): .result(#"{"prompts":[{"name":"greet"}]}"#)
                case ("resources/read", _): .result(#"{"contents":[{"uri":"memo://hello","text":"hello"}]}"#)
                case ("prompts/get", _): .result(#"{"messages":[]}"#)
                default: nil
                }
            }
        )
    }
}
