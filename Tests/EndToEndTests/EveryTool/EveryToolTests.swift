import JSON
import TestSupport
import Testing

extension RealPeers {
    /// Each tool once with success through real clients, over stdio and over Streamable HTTP, in both eras.
    @Suite(.enabled(if: TestPeers.model.isAvailable, "\(TestPeers.absence)"))
    struct EveryToolTests {
        static let clients = RealClient.all.filter { client in
            [("mcp2", "auto"), ("mcp2", "legacy"), ("mcp1", "legacy"), ("fastmcp4", "auto")]
                .contains { $0 == (client.peer.rawValue, client.mode) }
        }

        @Test("every tool works over stdio", arguments: clients)
        func everyToolWorksOverStdio(_ client: RealClient) async throws {
            let folder = try TemporaryFolder()
            let script = try await script(in: folder)
            let report = try await client.run(script.map(\.call), on: [Product.path, "--tools", "all"])
            check(report, script, client)
        }

        @Test("every tool works over Streamable HTTP", arguments: clients)
        func everyToolWorksOverHTTP(_ client: RealClient) async throws {
            let folder = try TemporaryFolder()
            let script = try await script(in: folder)
            let served = try await ServedProgram(["serve", "--tools", "all"])
            let report = try await client.run(script.map(\.call), at: served.url)
            await served.stop()
            check(report, script, client)
        }

        private func script(in folder: TemporaryFolder) async throws -> [ScriptedCall] {
            let configuration = try folder.write(
                #"{"mcpServers": {"mine": {"command": "mine-server"}}}"#,
                to: "mcp.json"
            )
            let modelURL = try await RealModelTests.server.value.url + "/v1"
            return EveryToolScript(modelURL: modelURL, configuration: configuration).calls
        }

        private func check(_ report: JSONValue, _ script: [ScriptedCall], _ client: RealClient) {
            #expect(report["protocolVersion"]?.string == client.revision)
            let results = report["results"]?.array ?? []
            #expect(results.count == script.count)
            for (call, result) in zip(script, results) {
                let structured = result["structuredContent"] ?? nil
                let faults = call.expected.failures(in: structured)
                #expect(faults.isEmpty, "\(call.tool) \(call.arguments): \(faults) in \(result)")
                let isSuccess = structured["success"] == true || structured["status"] == "needs_input"
                #expect(isSuccess, "\(call.tool) \(call.arguments): \(structured)")
            }
            let listed = Set(report["tools"]?.array?.compactMap(\.string) ?? [])
            #expect(listed == Set(script.map(\.tool)), "the script uses each listed tool")
        }
    }
}
