import JSON
import TestSupport
import Testing

extension RealPeers {
    /// Users of the first mcp-test-mcp change the command, and nothing else.
    @Suite(
        .enabled(if: TestPeers.mcp2.isAvailable && TestPeers.model.isAvailable, "\(TestPeers.absence)"),
        .enabled(if: FaultyServer.isAvailable, "\(FaultyServer.absence)")
    )
    struct DropInTests {
        /// The values of `verbose`, which the script adds to each call.
        static let modes: [Bool?] = [nil, true, false]

        @Test("a script of the first mcp-test-mcp finds each key where it was", arguments: modes)
        func scriptFindsEachKey(_ isVerbose: Bool?) async throws {
            let overHTTP = try await ServedProgram(["demo", "--fixtures"])
            let overSSE = try await ServedProgram(["demo", "--fixtures"], transport: "sse")
            let targets = DropInScript(
                httpURL: overHTTP.url,
                sseURL: overSSE.url,
                modelURL: try await RealModelTests.server.value.url + "/v1",
                silent: try FaultyServer("never-answer"),
                crashing: try FaultyServer("die-mid-call"),
                peer: [TestPeers.mcp2.python, TestPeers.script("servers/mcp2_server.py")]
            )
            var script = targets.calls
            #expect(script.count >= 80)
            if let isVerbose { for index in script.indices { script[index].arguments["verbose"] = .bool(isVerbose) } }

            let client = RealClient(peer: .mcp2, mode: "auto", revision: "2026-07-28")
            let report = try await client.run(script.map(\.call), on: [Product.path, "--tools", "core"])
            let results = try #require(report["results"]?.array)
            #expect(results.count == script.count)
            for (call, result) in zip(script, results) {
                check(result, call, isVerbose)
            }
            checkCoverage(script)
            // It owns the folders of the faulty servers.
            withExtendedLifetime(targets) {}
            await overHTTP.stop()
            await overSSE.stop()
        }

        private func check(_ result: JSONValue, _ call: ScriptedCall, _ isVerbose: Bool?) {
            let label = "\(call.tool) \(JSONValue.object(call.arguments))"
            guard let structured = result["structuredContent"], let text = result["text"]?.string else {
                Issue.record("\(label) has no result: \(result)")
                return
            }
            let isFailure = call.expected["error.error_type"] != nil
            let common: Expectations = ["success": .value(.bool(!isFailure)), "metadata": .object, "verdict": .string]
            let faults = (common + call.expected).failures(in: structured)
            #expect(faults.isEmpty, "\(label): \(faults) in \(structured)")

            guard let short = try? JSONValue(parsing: text) else {
                Issue.record("the text of \(label) is not JSON: \(text)")
                return
            }
            // What does not fit is under a handle.
            guard short["more"] == nil else { return }
            let inText = (common + call.expected).filter { shows($0.key, call, isVerbose, structured) }
            let missing = inText.failures(in: short)
            #expect(missing.isEmpty, "the text of \(label): \(missing) in \(text)")
            if isVerbose == true { #expect(short == structured, "\(label)") }
            if isVerbose == false { #expect(short["metadata"] == nil && short["message"] == nil, "\(label): \(text)") }
        }

        /// Whether the text has this: what the caller gave or what only the object has is not repeated, and a terse text
        /// has the result alone.
        private func shows(_ place: String, _ call: ScriptedCall, _ isVerbose: Bool?, _ structured: JSONValue) -> Bool {
            if isVerbose == true { return true }
            if place == "error.details" { return false }
            guard isVerbose == false else { return true }
            let isRequest =
                call.tool == "execute_prompt_with_llm" && !place.hasPrefix("llm_response")
                && !place.hasPrefix("parsed_response") && !place.hasPrefix("error") && place != "verdict"
                && place != "success"
            return !isRequest && !place.hasPrefix("metadata") && place != "message"
        }

        /// Each tool succeeds once, and each documented kind of error occurs.
        private func checkCoverage(_ script: [ScriptedCall]) {
            let errors = script.compactMap { call -> String? in
                if case .value(let value)? = call.expected["error.error_type"] { value.string } else { nil }
            }
            let succeeding = script.filter { $0.expected["error.error_type"] == nil }.map(\.tool)
            #expect(
                Set(errors) == [
                    "not_connected", "connection_failed", "tool_not_found", "resource_not_found", "prompt_not_found",
                    "invalid_arguments", "execution_error", "timeout", "transport_error", "llm_config_error",
                    "llm_request_error",
                ]
            )
            #expect(
                Set(succeeding) == [
                    "connect_to_server", "disconnect", "get_connection_status", "list_tools", "call_tool",
                    "list_resources", "read_resource", "list_prompts", "get_prompt", "execute_prompt_with_llm",
                    "health_check", "ping", "echo", "add",
                ]
            )
        }
    }
}
