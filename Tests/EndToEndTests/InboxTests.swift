import JSON
import TestSupport
import Testing

/// Input requests of a target on their way through the whole program to the host.
@Suite(.timeLimit(.minutes(15)))
struct InboxTests {
    static let eras = ["legacy", "modern"]

    /// Calls a tool, answers its input request with `respond`, and returns the report of the call.
    private func answered(_ host: Host, _ tool: String, _ arguments: JSONValue, _ answer: JSONValue) async throws
        -> JSONValue
    {
        let asked = try await host.call("call_tool", ["name": .string(tool), "arguments": arguments])
        #expect(asked["status"] == "needs_input", "\(asked)")
        #expect(asked["questions"]?[0]?["example"] != nil, "\(asked)")
        let id = try #require(asked["call_id"])
        var arguments: JSONObject = ["call_id": id]
        for member in answer.object?.members ?? [] { arguments[member.key] = member.value }
        return try await host.call("respond", .object(arguments))
    }

    @Test(arguments: eras, ["stdio", "http"])
    func aHostAnswersForTheUser(_ era: String, _ transport: String) async throws {
        let host = try await Host.connected()
        let served = transport == "http" ? try await ServedProgram(["demo", "--fixtures"]) : nil
        if let served {
            let connected = try await host.call(
                "connect_to_server",
                ["url": .string(served.url), "protocol": .string(era)]
            )
            try #require(connected["success"] == true, "\(connected)")
        } else {
            try await host.connect(to: [Product.path, "demo", "--fixtures"], ["protocol": .string(era)])
        }
        let content: JSONValue = ["username": "ada", "email": "ada@example.com"]
        let form = try await answered(host, "test_elicitation", ["message": "Who?"], ["content": content])
        #expect(form["tool_call"]?["result"]?.string?.contains("ada@example.com") == true, "\(form)")
        #expect(form["findings"] == nil, "\(form)")
        let said = try await answered(host, "test_elicitation", ["message": "Who?"], ["action": "decline"])
        #expect(said["tool_call"]?["result"]?.string?.contains("decline") == true, "\(said)")
        let model = try await answered(host, "test_sampling", ["prompt": "hi"], ["text": "forty-two"])
        #expect(model["tool_call"]?["result"] == "LLM response: forty-two", "\(model)")
        #expect(await host.finish().code == 0)
        await served?.stop()
    }

    @Test(arguments: eras)
    func anInputRequestInAScriptExitsWithFive(_ era: String) async throws {
        let run = try await RunningProgram.run(
            [
                "call", "test_elicitation", "message=Who?", "--protocol", era, "--json", "--", Product.path, "demo",
                "--fixtures",
            ]
        )
        #expect(run.code == 5, "\(run)")
        #expect(try run.json()["questions"]?[0]?["message"] == "Who?", "\(run)")
        #expect(run.errors.contains(#""code":"needs_input""#), "\(run)")
        let answered = try await RunningProgram.run([
            "call", "test_elicitation", "message=Who?", "--protocol", era, "--json", "--answer", "username=ada",
            "--answer", "email=ada@example.com", "--", Product.path, "demo", "--fixtures",
        ])
        #expect(answered.code == 0, "\(answered)")
    }

    @Test func aHostCanCloseWhileACallWaitsForInput() async throws {
        let host = try await Host.connected()
        try await host.connect(to: [Product.path, "demo", "--fixtures"])
        let asked = try await host.call("call_tool", ["name": "test_elicitation", "arguments": ["message": "Who?"]])
        #expect(asked["status"] == "needs_input", "\(asked)")
        #expect(await host.finish().code == 0)
    }
}
