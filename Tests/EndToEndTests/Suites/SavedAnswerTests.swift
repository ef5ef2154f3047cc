import Foundation
import JSON
import TestSupport
import Testing

/// What the user answered is saved with the call, and answers the same question when the suite runs.
@Suite(.timeLimit(.minutes(15)))
struct SavedAnswerTests {
    private static let content: JSONValue = ["username": "ada", "email": "ada@example.com"]

    @Test("answers are saved whether they were prepared or given to the question", arguments: [true, false])
    func answersAreSavedAndUsedAgain(_ isPrepared: Bool) async throws {
        let folder = try TemporaryFolder()
        let file = folder.path("forms.suite.yaml")
        let host = try await Host.connected(["--tools", "all,suites"])
        try await host.connect(to: [Product.path, "demo", "--fixtures"])
        var call: JSONObject = ["name": "test_elicitation", "arguments": ["message": "Who?"]]
        if isPrepared { call["answers"] = [["action": "accept", "content": Self.content]] }
        var called = try await host.call("call_tool", .object(call))
        if !isPrepared {
            let id = try #require(called["call_id"], "\(called)")
            called = try await host.call("respond", ["call_id": id, "content": Self.content])
        }
        #expect(called["success"] == true, "\(called)")
        let saved = try await host.call("save_suite", ["file": .string(file)])
        #expect(saved["cases"] == ["test_elicitation"], "\(saved)")
        let text = try String(contentsOfFile: file, encoding: .utf8)
        #expect(text.contains("answers:") && text.contains("username: ada"), "\(text)")
        let run = try await host.call("run_suite", ["file": .string(file)])
        #expect(run["counts"]?["passed"] == 1 && run["counts"]?["failed"] == 0, "\(run) \(text)")
        _ = await host.finish()
    }
}
