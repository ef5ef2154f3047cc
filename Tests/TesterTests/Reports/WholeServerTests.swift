import JSON
import MCPClient
import TestSupport
import Tester
import Testing

/// Everything that a target declares, listed and checked in one answer.
@Suite(.enabled(if: FaultyServer.isAvailable, "\(FaultyServer.absence)"), .timeLimit(.minutes(15)))
struct WholeServerTests {
    @Test func aServerInOrderPassesAndNothingOfItIsCalled() async throws {
        let server = try FaultyServer()
        let answer = try await test(server)
        #expect(answer.outcome == "PASS", "\(answer)")
        let verdict = answer["verdict"]?.string ?? ""
        #expect(verdict.contains(" (connected in 0.0 ms, checked in 0.0 ms)"), "\(verdict)")
        #expect(answer["metadata"]?["connect_time_ms"] == 0, "the clock of the test stands still")
        #expect(answer["tools"]?.array?.count == 2)
        #expect(answer["prompts"]?.array?.count == 1)
        #expect(answer["resources"]?.array?.count == 1)
        let lists = ["tools/list", "resources/list", "resources/templates/list", "prompts/list"]
        #expect(try server.methods().filter { !$0.hasSuffix("/list") } == ["initialize", "notifications/initialized"])
        #expect(try server.methods().suffix(4) == lists[...])
    }

    @Test(arguments: [
        ("invalid-tool", "schema_mismatch"), ("invalid-schema-tool", "schema_mismatch"),
        ("looping-cursor", "protocol_error"),
        ("banner", "stdout_pollution"), ("noise-between", "stdout_pollution"),
    ])
    func aFaultMakesItFailAndEverythingIsShown(_ fault: String, _ failureClass: String) async throws {
        let answer = try await test(try FaultyServer(fault))
        #expect(answer.outcome == "FAIL")
        let classes = (answer["findings"]?.array ?? []).compactMap { $0["failure_class"]?.string }
        #expect(classes.contains(failureClass), "\(answer)")
        #expect(answer["tools"]?.array?.contains { $0["name"] == "echo" } == true)
        #expect(answer["prompts"]?.array?.isEmpty == false)
    }

    private func test(_ server: FaultyServer) async throws -> JSONValue {
        let bench = try await TestBench()
        _ = await bench.connect(server, era: .legacy)
        let answer = await bench.session.testServer(TestRequest("bad")).json
        try await bench.close()
        return answer
    }
}
