import Foundation
import JSON
import TestSupport
import Testing

extension RealPeers {
    /// Suites against servers of real libraries, in both eras and over every transport.
    @Suite struct RealSuiteTests {
        private static let peers = [TestPeers.mcp2, .mcp1, .fastmcp4, .fastmcp3].filter(\.isAvailable)

        private static func command(_ peer: TestPeers, _ script: String, _ arguments: [String] = []) -> String {
            let words = [peer.python, TestPeers.script("servers/\(script)")] + arguments
            return "[\(words.map { "'\($0)'" }.joined(separator: ", "))]"
        }

        /// Everything that the servers of all libraries offer.
        private static let cases = """
            cases:
              - name: tools
                steps:
                  - {list: tools, expect: {names: {contains: [echo, add, fail, structured]}}}
                  - {call: echo, args: {message: Grüße}, expect: {text: Grüße}}
                  - {call: add, args: {a: 2, b: 40}, expect: {json: {/sum: 42}}, capture: {sum: /sum}}
                  - {call: add, args: {a: '${case.sum}', b: 1}, expect: {json: {/sum: {above: 42}}}}
                  - call: structured
                    expect:
                      json: {/temperature: {approx: 21.5}, /wind: {type: 'null'}, /tags: {unordered: [dry, sunny]}}
                  - {call: fail, expect: {is_error: true, text: {contains: always fails}}}
                  - {call: image, expect: {result: {/content/0/type: image, /content/0/mimeType: image/png}}}
              - name: progress
                steps:
                  - call: slow
                    args: {seconds: 0.2}
                    expect:
                      text: waited 0.2 s
                      events: {in_order: [{progress: {/progress: 1}}, {progress: {/progress: 10}}], never: [tools_changed]}
              - name: resources and prompts
                steps:
                  - {read: 'memo://hello', expect: {text: {matches: '^Hello from a text resource\\.'}}}
                  - {get: greeting, args: {name: Ada}, expect: {text: {contains: Ada}}}
              - name: wrong on purpose
                expected_failure: the sum is 3
                steps: [{call: add, args: {a: 1, b: 2}, expect: {json: {/sum: 4}}}]
            """

        @Test(.enabled(if: !peers.isEmpty, "\(TestPeers.absence)"), arguments: peers)
        func suitePassesAgainstAServerOfARealLibrary(_ peer: TestPeers) async throws {
            let server = "version: 1\nserver: {command: \(Self.command(peer, "\(peer.rawValue)_server.py"))}\n"
            let (run, _) = try await SuiteRunTests.run(server + Self.cases)
            #expect(run.code == 0, "\(run)")
            #expect(run.lines.last?.hasPrefix("PASS: 4 passed in ") == true, "\(run)")
        }

        @Test(.enabled(if: TestPeers.mcp2.isAvailable, "\(TestPeers.absence)"), arguments: ["legacy", "modern"])
        func sameSuiteHoldsInBothEras(_ era: String) async throws {
            let command = Self.command(.mcp2, "mcp2_server.py")
            let server = "version: 1\nserver: {command: \(command), protocol: \(era)}\n"
            let (run, _) = try await SuiteRunTests.run(server + Self.cases)
            #expect(run.code == 0, "\(run)")
        }

        @Test(.enabled(if: !peers.isEmpty, "\(TestPeers.absence)"), arguments: peers)
        func sameSuiteHoldsOverHTTP(_ peer: TestPeers) async throws {
            let server = try await HTTPPeer(peer)
            // Only the SDK of the legacy era serves HTTP+SSE with all features.
            let old = peer == .mcp1 ? try await HTTPPeer(peer, .sse) : nil
            var text = "version: 1\nservers:\n  streamable: {url: '\(server.url)'}\n"
            if let old { text += "  sse: {url: '\(old.url)', transport: sse}\n" }
            text += "matrix: {servers: [streamable\(old == nil ? "" : ", sse")]}\n"
            let (run, _) = try await SuiteRunTests.run(text + Self.cases)
            #expect(run.code == 0, "\(run)")
            #expect(run.lines.last?.hasPrefix("PASS: \(old == nil ? 4 : 8) passed in ") == true, "\(run)")
        }

        @Test(.enabled(if: TestPeers.others.isAvailable, "\(TestPeers.absence)"))
        func serversOfOthersAreTested() async throws {
            let text = """
                version: 1
                servers:
                  time: {command: ['\(TestPeers.others.program("mcp-server-time"))', --local-timezone, UTC]}
                  biomcp: {command: ['\(TestPeers.others.program("biomcp"))', serve], connect_timeout: 200s}
                cases:
                  - name: time
                    server: time
                    steps:
                      - call: get_current_time
                        args: {timezone: UTC}
                        expect: {json: {/timezone: UTC, /datetime: {matches: '^20\\d\\d-'}, /is_dst: false}}
                      - {call: get_current_time, args: {timezone: Nowhere}, expect: {is_error: true}}
                  - name: biomcp
                    server: biomcp
                    timeout: 200s
                    steps: [{call: biomcp, args: {command: version}, expect: {text: {matches: '\\d+\\.\\d+'}}}]
                """
            let (run, _) = try await SuiteRunTests.run(text)
            #expect(run.code == 0, "\(run)")
        }

        @Test(
            .enabled(if: TestPeers.mcp2.isAvailable && TestPeers.fastmcp4.isAvailable, "\(TestPeers.absence)"),
            arguments: [TestPeers.mcp2, .fastmcp4],
            ["legacy", "modern"]
        )
        func preparedAnswersWorkInBothEras(_ peer: TestPeers, _ era: String) async throws {
            let text = """
                version: 1
                server: {command: \(Self.command(peer, "\(peer.rawValue)_asking.py")), protocol: \(era)}
                cases:
                  - name: who
                    client:
                      answers: [{action: accept, content: {name: Ada}, request: {/message: Who are you?}}]
                    steps: [{call: who, expect: {text: accept Ada}}]
                  - name: draft
                    client: {answers: [{text: '42'}]}
                    steps: [{call: draft, expect: {text: {contains: '42'}}}]
                  - name: where
                    client: {roots: ['file:///a', 'file:///b']}
                    steps: [{call: where, expect: {text: {contains: 'file:///b'}}}]
                """
            let (run, _) = try await SuiteRunTests.run(text)
            #expect(run.code == 0, "\(run)")
        }

        /// FastMCP draws a box around the traceback, mcp 2 writes it plainly, and mcp 1 does not log it.
        @Test(.enabled(if: !peers.isEmpty, "\(TestPeers.absence)"), arguments: peers.filter { $0 != .mcp1 })
        func failedStepNamesTheExceptionInsteadOfTheTraceback(_ peer: TestPeers) async throws {
            let server = "version: 1\nserver: {command: \(Self.command(peer, "buggy.py"))}\n"
            let cases = "cases: [{name: c, steps: [{call: average, args: {values: []}}]}]\n"
            let (run, folder) = try await SuiteRunTests.run(server + cases, ["--report", "json=out.jsonl"])
            #expect(run.code == 1, "\(run)")
            let text = try String(contentsOfFile: TestPeers.script("servers/buggy.py"), encoding: .utf8)
            let line =
                try #require(
                    text.split(separator: "\n", omittingEmptySubsequences: false).firstIndex {
                        $0.contains("LINE OF THE FAULT")
                    }
                ) + 1
            let exception = "exception: ZeroDivisionError: division by zero at buggy.py:\(line)"
            #expect(run.lines.contains("    \(exception)"), "\(run)")
            #expect(!run.text.contains("╭") && !run.text.contains("Traceback"), "\(run)")
            // Programs get all of it.
            let result = try JSONValue(parsing: try folder.lines(of: "out.jsonl")[1])
            #expect(result["steps"]?[0]?["exception"]?["line"]?.int == line, "\(result)")
            let lines = result["steps"]?[0]?["stderr"]?.array?.compactMap(\.string) ?? []
            #expect(lines.contains { $0.contains("Traceback") }, "\(result)")
        }

        /// Made-up arguments are said to be made up, and `init` writes no case that fails on the spot.
        @Test(
            .enabled(if: !peers.isEmpty, "\(TestPeers.absence)"),
            arguments: peers.filter { $0 == .fastmcp3 || $0 == .fastmcp4 }
        )
        func toolThatFailsWithMadeUpArguments(_ peer: TestPeers) async throws {
            let folder = try TemporaryFolder()
            try folder.write(
                """
                from fastmcp import FastMCP
                server = FastMCP("weather")
                @server.tool(annotations={"readOnlyHint": True})
                def forecast(city: str) -> float:
                    "The forecast for a city."
                    return {"Lisbon": 21.0}[city]
                server.run(show_banner=False)
                """,
                to: "weather.py"
            )
            try folder.write(#"{"tools": {"forecast": {"city": "Lisbon"}}}"#, to: "samples.json")
            let target = ["--", peer.python, "weather.py"]
            let test = try await RunningProgram.run(["test", "--full"] + target, in: folder.path)
            #expect(test.code == 1, "\(test)")
            #expect(test.text.contains(#"with the made-up arguments {"city":"example"}: "#), "\(test)")
            #expect(test.text.contains("give them with --samples FILE or as `examples` in its schema"), "\(test)")
            let given = try await RunningProgram.run(
                ["test", "--full", "--samples", "samples.json"] + target,
                in: folder.path
            )
            #expect(!given.text.contains("made-up") && !given.text.contains("KeyError"), "\(given)")
            let made = try await RunningProgram.run(["init", "w.suite.yaml"] + target, in: folder.path)
            #expect(made.code == 0, "\(made)")
            let text = try String(contentsOfFile: folder.path("w.suite.yaml"), encoding: .utf8)
            #expect(text.contains("skip: \"it failed with these made-up arguments, so give others: "), "\(text)")
            let run = try await RunningProgram.run(["run", "w.suite.yaml"], in: folder.path)
            #expect(run.code == 0, "\(run)")
        }

        /// In the legacy era this server declares no subscriptions.
        @Test(.enabled(if: TestPeers.mcp2.isAvailable, "\(TestPeers.absence)"))
        func changesAreSubscribedToAndWaitedFor() async throws {
            let text = """
                version: 1
                server: {command: \(Self.command(.mcp2, "mcp2_asking.py")), protocol: modern}
                cases:
                  - name: touch
                    steps:
                      - subscribe: {resources: ['memo://x'], lists: true}
                      - {call: touch, expect: {text: touched}}
                      - {wait: {resource_updated: {/uri: 'memo://x'}}}
                """
            let (run, _) = try await SuiteRunTests.run(text)
            #expect(run.code == 0, "\(run)")
        }
    }
}
