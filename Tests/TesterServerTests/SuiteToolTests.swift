import Foundation
import JSON
import Synchronization
import TestSupport
import Testing

@testable import TesterServer

/// `save_suite` and `run_suite`: what an assistant did becomes cases, which it runs again.
@Suite(.timeLimit(.minutes(15)))
struct SuiteToolTests {
    private static let tools = """
        [{"name": "add", "description": "d", "annotations": {"readOnlyHint": true},
          "inputSchema": {"type": "object", "properties": {"a": {"type": "integer"}}}},
         {"name": "write", "description": "d", "inputSchema": {"type": "object"}}]
        """

    /// A target whose results are partly the same each time: a sum, a counter, and the time.
    private func host(counting calls: Counter = Counter()) async throws -> TesterHost {
        let tester = try TesterUnderTest(tools: ToolSet(rawValue: "all,suites") ?? .all) { method, message in
            switch method {
            case "tools/list": return .result(#"{"tools": \#(Self.tools)}"#)
            case "tools/call":
                let number = calls.next()
                guard message["params"]?["name"] == "add" else {
                    return .result(#"{"content": [{"type": "text", "text": "written"}]}"#)
                }
                let structured = #"{"sum": 3, "count": \#(number), "at": "2026-11-30T05:00:00Z"}"#
                return .result(
                    #"{"content": [{"type": "text", "text": "3"}], "structuredContent": \#(structured)}"#
                )
            case "resources/read": return .error(#"{"code": -32002, "message": "no such resource"}"#)
            case "prompts/get":
                return .result(#"{"messages": [{"role": "user", "content": {"type": "text", "text": "Hi"}}]}"#)
            default: return nil
            }
        }
        let host = try await TesterHost(tester)
        try await host.call("connect_to_server", ["command": "canned", "args": ["--api-key", "sesame-opens"]])
        return host
    }

    final class Counter: Sendable {
        private let count = Mutex(0)

        func next() -> Int {
            count.withLock { count in
                count += 1
                return count
            }
        }
    }

    @Test func callsBecomeCasesWithWhatIsStableInThem() async throws {
        let folder = try TemporaryFolder()
        let file = folder.path("s.suite.yaml")
        let host = try await host()
        try await host.call("call_tool", ["name": "add", "arguments": ["a": 1]])
        try await host.call("call_tool", ["name": "write", "arguments": ["password": "hunter22", "note": "x"]])
        try await host.call("read_resource", ["uri": "a://b"])
        try await host.call("get_prompt", ["name": "greet"])
        let saved = try await host.answer("save_suite", ["file": .string(file)])
        #expect(saved["cases"] == ["add", "write", "read a://b", "prompt greet"], "\(saved)")
        #expect(saved["variables"] == ["API_KEY", "PASSWORD"], "\(saved)")
        let findings = saved["findings"]?.array?.compactMap { $0["message"]?.string } ?? []
        #expect(findings.contains { $0.hasPrefix("a://b failed, and its case expects that.") }, "\(saved)")
        #expect(saved["next_step"]?.string?.contains("Each case has its own process") == true, "\(saved)")
        let text = try String(contentsOfFile: file, encoding: .utf8)
        let lines = text.split(separator: "\n").filter { !$0.contains("cwd:") && !$0.contains("# ") }
        #expect(
            lines.joined(separator: "\n") == #"""
                version: 1
                server:
                  command: [canned, "--api-key", "${API_KEY}"]
                cases:
                  - name: add
                    steps:
                      - call: add
                        args: {a: 1}
                        expect:
                          json:
                            /sum: 3
                            /count: {type: integer}
                            /at: {type: string}
                  - name: write
                    steps:
                      - call: write
                        args: {password: "${PASSWORD}", note: x}
                        expect:
                          text: written
                  - name: "read a://b"
                    steps:
                      - read: "a://b"
                        expect: {error: {code: -32002, message: no such resource}}
                  - name: prompt greet
                    steps:
                      - get: greet
                        expect: {text: Hi}
                """#,
            "\(text)"
        )
    }

    @Test func exchangesAreAddedByNumberAndAsOneCase() async throws {
        let folder = try TemporaryFolder()
        let file = folder.path("s.suite.yaml")
        let host = try await host()
        let first = try await host.answer("call_tool", ["name": "add", "arguments": ["a": 1]])
        let number = try #require(first["metadata"]?["exchange"])
        try await host.call("call_tool", ["name": "write"])
        _ = try await host.answer("save_suite", ["file": .string(file), "exchanges": [number]])
        try folderAppend("# the end\n", to: file)
        let saved = try await host.answer("save_suite", ["file": .string(file), "case": "both"])
        #expect(saved["cases"] == ["both"], "\(saved)")
        let text = try String(contentsOfFile: file, encoding: .utf8)
        #expect(text.hasSuffix("# the end\n"), "\(text)")
        let cases = text.split(separator: "- name: ").dropFirst().map { String($0.prefix { $0 != "\n" }) }
        #expect(cases == ["add", "both"], "\(text)")
        let calls = text.split(separator: "- call: ").dropFirst().map { String($0.prefix { $0 != "\n" }) }
        #expect(calls == ["add", "add", "write"], "\(text)")
    }

    private func folderAppend(_ text: String, to file: String) throws {
        let old = try String(contentsOfFile: file, encoding: .utf8)
        try (old + text).write(toFile: file, atomically: true, encoding: .utf8)
    }

    @Test func unknownExchangeIsRefused() async throws {
        let folder = try TemporaryFolder()
        let answer = try await host().answer(
            "save_suite",
            ["file": .string(folder.path("s.suite.yaml")), "exchanges": [999]]
        )
        #expect(answer["error"]?["message"]?.string?.contains("has no exchange 999") == true, "\(answer)")
    }

    // MARK: - Running

    private static func suite(_ sum: Int) -> String {
        """
        version: 1
        server: {command: [canned]}
        cases:
          - name: adds
            tags: [smoke]
            steps:
              - call: add
                args: {a: 1}
                expect: {json: {/sum: \(sum)}}
          - name: writes
            steps:
              - call: write
          - name: later
            skip: not today
            steps:
              - call: write
        """
    }

    @Test func suiteThatPassesIsAFewNumbers() async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(Self.suite(3), to: "s.suite.yaml")
        let host = try await host()
        let answer = try await host.answer("run_suite", ["file": .string(file)])
        #expect(answer["verdict"]?.string?.hasPrefix("PASS: 2 passed, 1 skipped in ") == true, "\(answer)")
        #expect(answer["counts"]?["passed"] == 2 && answer["failures"] == [], "\(answer)")
        let words = try #require(answer["details"]?.string?.split(separator: " "))
        let handle = try #require(words.first { $0.hasPrefix("@") })
        let rest = try await host.answer(
            "read_result",
            ["handle": .string(String(handle)), "select": "$.cases[*].outcome"]
        )
        #expect(rest["value"] == ["passed", "passed", "skipped"], "\(rest)")
    }

    @Test func failureOfASuiteShowsWhatWasExpected() async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(Self.suite(4), to: "s.suite.yaml")
        let host = try await host()
        let answer = try await host.answer("run_suite", ["file": .string(file)])
        #expect(answer["verdict"]?.string?.hasPrefix("FAIL: 1 passed, 1 failed, 1 skipped in ") == true, "\(answer)")
        #expect(answer["success"] == false)
        let failure = try #require(answer["failures"]?.array?.first)
        #expect(answer["failures"]?.array?.count == 1)
        #expect(failure["case"] == "adds" && failure["outcome"] == "failed", "\(failure)")
        #expect(failure["steps"]?[0]?["expected"]?[0] == "json /sum: expected 4, got 3", "\(failure)")
        #expect(failure["steps"]?[0]?["place"]?.string?.hasSuffix("s.suite.yaml:7:9") == true, "\(failure)")
        let selected = try await host.answer("run_suite", ["file": .string(file), "tag": "smoke"])
        #expect(selected["counts"]?["failed"] == 1 && selected["counts"]?["skipped"] == 0, "\(selected)")
        let one = try await host.answer("run_suite", ["file": .string(file), "case": "writes"])
        #expect(one["counts"]?["passed"] == 1 && one["counts"]?["failed"] == 0, "\(one)")
    }

    @Test func mistakesOfASuiteAreReportedBeforeItRuns() async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("version: 1\nserver: x\ncases: [{nam: a}]\n", to: "s.suite.yaml")
        let host = try await host()
        let answer = try await host.answer("run_suite", ["file": .string(file)])
        #expect(answer["error"]?["message"]?.string?.contains("Did you mean `name`?") == true, "\(answer)")
        let good = try folder.write(Self.suite(3), to: "t.suite.yaml")
        let none = try await host.answer("run_suite", ["file": .string(good), "case": "nowhere"])
        #expect(none["error"]?["suggestion"]?.string?.contains("adds; writes; later") == true, "\(none)")
    }

    @Test("the definitions of run_suite and save_suite cost a model few tokens")
    func definitionsAreSmall() async throws {
        let host = try await TesterHost(TesterUnderTest(tools: ToolSet(rawValue: "suites") ?? .all))
        for tool in try await host.tools() where ["run_suite", "save_suite"].contains(tool["name"]?.string ?? "") {
            #expect(JSONText(tool).bytes.count <= 4 * 190, "\(tool)")
        }
    }
}
