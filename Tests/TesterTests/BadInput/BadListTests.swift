import JSON
import MCPClient
import TestSupport
import Tester
import Testing

/// Lists that are wrong in part: what is right is shown all the same.
@Suite(.enabled(if: FaultyServer.isAvailable, "\(FaultyServer.absence)"), .timeLimit(.minutes(15)))
struct BadListTests {
    @Test func aCursorThatComesAgainEndsTheListAndWhatCameIsShown() async throws {
        let answer = try await list("looping-cursor")
        #expect(answer.outcome == "FAIL")
        #expect(answer["verdict"]?.string?.contains("repeats the cursor \"again\"") == true, "\(answer)")
        #expect(answer["tools"]?.array?.compactMap { $0["name"]?.string } == ["echo", "count", "echo", "count"])
        #expect(answer["failure_class"] == "protocol_error")
    }

    @Test func anEmptyCursorIsNoEnd() async throws {
        let answer = try await list("empty-cursor")
        #expect(answer.outcome == "PASS")
        #expect(answer["tools"]?.array?.compactMap { $0["name"]?.string } == ["echo", "count"])
    }

    @Test func invalidToolsAmongGoodOnesAreShownWithTheirProblems() async throws {
        let answer = try await list("invalid-tool")
        let tools = try #require(answer["tools"]?.array)
        #expect(tools.map { $0["name"]?.string } == ["echo", nil, "null-schema", nil, "count"])
        #expect(tools.map { $0["problems"] != nil } == [false, true, true, true, false])
        #expect(tools[1]["description"] == "nameless")
        #expect(tools[3]["problems"]?[0]?.string?.contains("a string") == true, "\(tools[3])")
        #expect(answer["metadata"]?["total_tools"] == 5)
    }

    @Test func aToolWhoseSchemaIsWrongIsListedAndCallableAndSaysWhyItWasNotChecked() async throws {
        let bench = try await TestBench()
        _ = await bench.connect(try FaultyServer("invalid-schema-tool"), era: .legacy)
        let tools = await bench.session.listTools(on: "bad").json
        #expect(tools["tools"]?.array?.count == 4)
        let answer = await bench.call("unknown-type", [:])
        expectFailure(answer, "protocol_error", "execution_error", says: "Unknown tool: unknown-type")
        #expect(await bench.call()["checks"]?["arguments"] == "passed")
        try await bench.close()
    }

    private func list(_ fault: String) async throws -> JSONValue {
        let bench = try await TestBench()
        _ = await bench.connect(try FaultyServer(fault), era: .legacy)
        let answer = await bench.session.listTools(on: "bad").json
        try await bench.close()
        return answer
    }
}
