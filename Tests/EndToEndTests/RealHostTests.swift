import JSON
import TestSupport
import Testing

extension RealPeers {
    /// Real client libraries as hosts: each uses the tools as an assistant does.
    @Suite struct RealHostTests {
        private static func connect(_ command: [String], _ name: String) -> (tool: String, arguments: JSONValue) {
            let arguments = JSONValue.array(command.dropFirst().map(JSONValue.string))
            return ("connect_to_server", ["command": .string(command[0]), "args": arguments, "name": .string(name)])
        }

        @Test(.enabled(if: !RealClient.all.isEmpty, "\(TestPeers.absence)"), arguments: RealClient.all)
        func aRealHostUsesAllTools(_ client: RealClient) async throws {
            let calls: [(tool: String, arguments: JSONValue)] = [
                Self.connect([Product.path, "demo"], "demo"),
                ("get_connection_status", [:]),
                ("list_tools", [:]),
                ("list_resources", [:]),
                ("list_prompts", [:]),
                ("call_tool", ["name": "add", "arguments": ["a": 2, "b": 3]]),
                ("call_tool", ["name": "divide", "arguments": ["dividend": 1, "divisor": 0]]),
                ("read_resource", ["uri": "demo://welcome"]),
                ("get_prompt", ["name": "summarize", "arguments": ["text": "t"]]),
                Self.connect(client.server, "peer"),
                ("call_tool", ["name": "echo", "arguments": ["message": "grüezi 😀"]]),
                ("call_tool", ["name": "fail"]),
                ("read_resource", ["uri": "memo://hello"]),
                ("disconnect", ["all": true]),
                ("call_tool", ["name": "echo"]),
            ]
            let report = try await client.run(calls, on: [Product.path])
            #expect(report["protocolVersion"]?.string == client.revision)
            #expect(report["tools"]?.array?.contains("connect_to_server") == true)
            let results = try #require(report["results"]?.array)
            try #require(results.count == calls.count)
            let failing: Set = [6, 11, 14]
            for (index, result) in results.enumerated() {
                let structured = try #require(result["structuredContent"], "\(result)")
                #expect(result["isError"] == false, "a failure is a normal result: \(result)")
                #expect(structured["success"]?.bool == !failing.contains(index), "\(calls[index]): \(structured)")
                #expect(structured["verdict"]?.string?.isEmpty == false)
                let text = try #require(result["text"]?.string)
                let short = try JSONValue(parsing: text)
                #expect(short["verdict"] == structured["verdict"] && short["success"] == structured["success"])
                for key in short.object?.keys ?? [] where key != "more" { #expect(structured[key] != nil, "\(key)") }
            }
            checkReports(results.map { $0["structuredContent"] ?? nil }, client)
        }

        /// Checks what each report says besides success.
        private func checkReports(_ answers: [JSONValue], _ client: RealClient) {
            #expect(answers[0]["connection"]?["protocol_version"] == "2026-07-28")
            #expect(answers[1]["connected"] == true)
            #expect(answers[2]["tools"]?.array?.contains { $0["name"] == "add" && $0["input_schema"] != nil } == true)
            #expect(answers[3]["resources"]?.array?.contains { $0["uri"] == "demo://welcome" } == true)
            #expect(answers[4]["prompts"]?.array?.contains { $0["name"] == "summarize" } == true)
            #expect(answers[5]["tool_call"]?["structured_content"] == ["sum": 5])
            #expect(answers[6]["error"]?["error_type"] == "execution_error")
            #expect(answers[7]["resource"]?["content"]?.string?.contains("# Demo server") == true)
            #expect(answers[8]["prompt"]?["messages"]?.array?.count == 1)
            let speaksModern = [TestPeers.mcp2, .fastmcp4].contains(client.peer)
            #expect(
                answers[9]["connection"]?["protocol_version"]?.string == (speaksModern ? "2026-07-28" : "2025-11-25")
            )
            #expect(answers[10]["tool_call"]?["result"] == "grüezi 😀")
            #expect(answers[11]["failure_class"] == "tool_error")
            #expect(answers[12]["resource"]?["content"]?.string?.hasPrefix("Hello from a text resource.") == true)
            #expect(answers[13]["was_connected"] == true)
            #expect(answers[14]["error"]?["error_type"] == "not_connected")
        }
    }
}
