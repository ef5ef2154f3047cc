import JSON
import TestSupport
import Testing

extension RealPeers {
    /// Real client libraries that answer input requests of our servers, in both eras.
    @Suite struct RealAnswerTests {
        /// The clients whose scripts can answer.
        static let clients = [
            RealClient(peer: .mcp2, mode: "auto", revision: "2026-07-28"),
            RealClient(peer: .mcp2, mode: "legacy", revision: "2025-11-25"),
            RealClient(peer: .fastmcp4, mode: "auto", revision: "2026-07-28"),
            RealClient(peer: .fastmcp4, mode: "legacy", revision: "2025-11-25"),
        ].filter(\.peer.isAvailable)

        private static let calls: [(tool: String, arguments: JSONValue)] = [
            ("test_input_required_result_elicitation", [:]), ("test_elicitation_url", [:]),
            ("test_input_required_result_sampling", [:]), ("test_input_required_result_list_roots", [:]),
            ("test_input_required_result_multiple_inputs", [:]), ("test_input_required_result_multi_round", [:]),
        ]

        private static func expected(_ action: String) -> [String] {
            let user = action == "accept" ? "Ada" : "(\(action))"
            return [
                "Hello, \(user)!", "Elicitation completed: action=\(action)", "42", "Roots: file:///ada",
                "Hello, \(user)! 42 You have 1 roots.", "\(user) likes \(user).",
            ]
        }

        @Test(
            .enabled(if: !clients.isEmpty, "\(TestPeers.absence)"),
            arguments: clients,
            ["accept", "decline", "cancel"]
        )
        func aRealClientAnswersInputRequestsOfTheDemoServer(_ client: RealClient, _ action: String) async throws {
            let overPipe = try await client.run(
                Self.calls,
                on: [Product.path, "demo", "--fixtures"],
                answering: action
            )
            let served = try await ServedProgram(["demo", "--fixtures"])
            let overHTTP = try await client.run(Self.calls, at: served.url, answering: action)
            await served.stop()
            for report in [overPipe, overHTTP] {
                #expect(report["protocolVersion"]?.string == client.revision)
                let texts = report["results"]?.array?.map { $0["text"]?.string }
                #expect(texts == Self.expected(action), "\(report)")
            }
        }

        @Test(.enabled(if: !clients.isEmpty, "\(TestPeers.absence)"), arguments: clients, ["legacy", "modern"])
        func inputRequestsOfATargetAreForwardedToARealHost(_ client: RealClient, _ era: String) async throws {
            let policy: JSONValue = ["elicitation": "forward", "sampling": "forward", "roots": "forward"]
            let target: JSONValue = [
                "command": .string(Product.path), "args": ["demo", "--fixtures"], "protocol": .string(era),
                "input_policy": policy,
            ]
            let calls = Self.calls.map { call in
                (tool: "call_tool", arguments: ["name": .string(call.tool)] as JSONValue)
            }
            let report = try await client.run(
                [("connect_to_server", target)] + calls,
                on: [Product.path],
                answering: "accept"
            )
            let results = try #require(report["results"]?.array?.dropFirst())
            let texts = results.map { $0["structuredContent"]?["tool_call"]?["result"]?.string }
            #expect(texts == Self.expected("accept"), "\(report)")
        }
    }
}
