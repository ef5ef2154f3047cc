import JSON
import TestSupport
import Testing

extension RealPeers {
    /// Real client libraries as hosts over HTTP: each uses the tools as an assistant does.
    @Suite struct HTTPHostTests {
        @Test(.enabled(if: !RealClient.all.isEmpty, "\(TestPeers.absence)"), arguments: RealClient.all)
        func aRealHostTestsTargets(_ client: RealClient) async throws {
            let lifeLine = try Lifeline()
            let served = try await ServedProgram()
            let command = "\(lifeLine.grab) exec '\(Product.path)' demo --fixtures"
            let report = try await client.run(
                [
                    ("connect_to_server", ["command": "/bin/sh", "args": ["-c", .string(command)], "name": "demo"]),
                    ("list_tools", [:]),
                    ("call_tool", ["name": "add", "arguments": ["a": 2, "b": 3]]),
                    ("call_tool", ["name": "test_tool_with_progress"]),
                    ("call_tool", ["name": "divide", "arguments": ["dividend": 1, "divisor": 0]]),
                    ("read_resource", ["uri": "demo://welcome"]),
                    ("get_connection_status", [:]),
                ],
                at: served.url
            )
            #expect(report["protocolVersion"]?.string == client.revision)
            let answers = try #require(report["results"]?.array).map { $0["structuredContent"] ?? nil }
            try #require(answers.count == 7)
            for (index, answer) in answers.enumerated() {
                #expect(answer["success"]?.bool == (index != 4), "\(answer)")
            }
            #expect(answers[1]["tools"]?.array?.contains { $0["name"] == "add" } == true)
            #expect(answers[2]["tool_call"]?["structured_content"] == ["sum": 5])
            #expect(answers[5]["resource"]?["content"]?.string?.contains("# Demo server") == true)
            #expect(answers[6]["connected"] == true, "the connection outlives its request: \(answers[6])")

            // Targets end with their session, or with the server if there is no session.
            if client.revision == "2025-11-25" { #expect(await lifeLine.isLetGo()) }
            let run = await served.stop()
            #expect(run.code == 0, "\(run)")
            #expect(await lifeLine.isLetGo())
        }

        @Test(.enabled(if: !RealClient.all.isEmpty, "\(TestPeers.absence)"), arguments: RealClient.all)
        func aRealClientUsesTheDemoServer(_ client: RealClient) async throws {
            let served = try await ServedProgram(["demo", "--fixtures"])
            let report = try await client.run(
                [
                    ("echo", ["message": "grüezi 😀"]), ("add", ["a": 2, "b": 3]), ("test_tool_with_progress", [:]),
                    ("test_image_content", [:]), ("test_error_handling", [:]),
                ],
                at: served.url
            )
            #expect(report["protocolVersion"]?.string == client.revision)
            let results = try #require(report["results"]?.array)
            #expect(results.count == 5 && results[0]["text"]?.string?.contains("grüezi 😀") == true, "\(report)")
            #expect(results[1]["structuredContent"] == ["sum": 5])
            #expect(results[2]["isError"] == false, "\(report)")
            #expect(results[3]["result"]?["content"]?[0]?["mimeType"] == "image/png")
            #expect(results[4]["isError"] == true)
            await served.stop()
        }

        private static let handshakers = RealClient.all.filter { $0.mode == "legacy" }

        @Test(.enabled(if: !handshakers.isEmpty, "\(TestPeers.absence)"), arguments: handshakers)
        func aRealClientOverHTTPSSEIsServed(_ client: RealClient) async throws {
            let served = try await ServedProgram(["serve"], transport: "sse")
            let report = try await client.run(
                [
                    ("connect_to_server", ["command": .string(Product.path), "args": ["demo"]]),
                    ("call_tool", ["name": "echo", "arguments": ["message": "hi"]]),
                ],
                at: served.url,
                transport: "sse"
            )
            #expect(report["protocolVersion"]?.string == client.revision)
            #expect(report["results"]?[1]?["structuredContent"]?["tool_call"]?["result"] == "hi", "\(report)")
            await served.stop()
        }

        @Test(.enabled(if: TestPeers.mcp2.isAvailable, "\(TestPeers.absence)"))
        func aTargetOverHTTPIsTestedByAHostOverHTTP() async throws {
            let (target, served) = (try await HTTPPeer(.mcp2), try await ServedProgram())
            defer { target.stop() }
            for client in RealClient.all where client.peer == .mcp2 {
                let report = try await client.run(
                    [
                        ("connect_to_server", ["url": .string(target.url)]),
                        ("call_tool", ["name": "slow", "arguments": ["seconds": 0.1]]),
                        ("disconnect", [:]),
                    ],
                    at: served.url
                )
                let answers = try #require(report["results"]?.array).map { $0["structuredContent"] ?? nil }
                #expect(answers[0]["connection"]?["transport"] == "streamable-http", "\(answers)")
                #expect(answers[1]["tool_call"]?["result"] == "waited 0.1 s", "\(answers)")
                #expect(answers[2]["was_connected"] == true)
            }
            await served.stop()
        }
    }
}
