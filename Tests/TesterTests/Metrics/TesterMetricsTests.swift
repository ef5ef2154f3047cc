import JSON
import MCP
import MCPClient
import MCPHTTPClient
import PrometheusMetrics
import TestSupport
import Tester
import Testing

/// What the engine measures, read from the page of a backend.
@Suite struct TesterMetricsTests {
    private static let echo = #"{"content":[{"type":"text","text":"ok"}]}"#
    private static let schema = #""inputSchema":{"type":"object"}"#
    private static let list = #"{"tools":[{"name":"echo",\#(schema)},{"name":"fail",\#(schema)}]}"#

    private let registry = PrometheusRegistry(help: TesterMetrics.help)

    private func session(_ server: CannedServer, clock: FakeClock = FakeClock()) -> TesterSession {
        var settings = TesterSettings(info: Implementation(name: "tester-tests", version: "1")) { _ in
            server.transport()
        }
        settings.metrics = TesterMetrics(factory: registry)
        return TesterSession(settings: settings, clock: SystemTesterClock(clock))
    }

    private var lines: [String] {
        String(decoding: registry.page(), as: UTF8.self).split(separator: "\n").map(String.init)
    }

    private func server(_ era: CannedServer.Era = .legacy) -> CannedServer {
        CannedServer(era) { method, message in
            switch method {
            case "tools/list": .result(Self.list)
            case "tools/call":
                switch message["params"]?["name"]?.string {
                case "echo"?, "secret-name-7712"?: .result(Self.echo)
                case "fail"?: .result(#"{"content":[{"type":"text","text":"no"}],"isError":true}"#)
                case let name? where name.hasPrefix("many"): .result(Self.echo)
                default: .error(#"{"code":-32602,"message":"unknown tool"}"#)
                }
            default: nil
            }
        }
    }

    @Test(arguments: [(CannedServer.Era.legacy, "legacy"), (.modern, "modern")])
    func connectionsAreCountedByTransportAndEra(_ era: CannedServer.Era, _ label: String) async throws {
        let session = session(server(era))
        for name in ["a", "b", "a"] {
            let report = await session.connect(.init(target: Target(command: "canned"), name: name))
            try #require(report.failure == nil, "\(report.verdict)")
        }
        let labels = #"{era="\#(label)",transport="in-memory"}"#
        #expect(lines.contains("mcp_test_connections_total\(labels) 3"), "\(lines)")
        // The second connection named "a" replaced the first.
        #expect(lines.contains("mcp_test_connections_active\(labels) 2"), "\(lines)")
        await session.close()
        #expect(lines.contains("mcp_test_connections_active\(labels) 0"), "\(lines)")
        #expect(lines.contains("mcp_test_connections_total\(labels) 3"), "\(lines)")
    }

    @Test func aFailedConnectionIsCountedByWhatWasRequested() async throws {
        let session = session(CannedServer { _, _ in .error(#"{"code":-32601,"message":"no"}"#) })
        let stdio = Target(command: "canned")
        let http = try Target(.init(url: "http://127.0.0.1:1/mcp"))
        let sse = try Target(.init(url: "http://127.0.0.1:1/sse"))
        for (target, era) in [(stdio, EraChoice.auto), (http, .modern), (sse, .legacy)] {
            #expect(await session.connect(.init(target: target, era: era)).failure != nil)
        }
        for labels in [
            #"era="auto",transport="stdio""#, #"era="modern",transport="streamable-http""#,
            #"era="legacy",transport="sse""#,
        ] { #expect(lines.contains("mcp_test_connections_failed_total{\(labels)} 1"), "\(lines)") }
        #expect(!lines.contains { $0.hasPrefix("mcp_test_connections_total") })
    }

    @Test func callsOfTargetsAreCountedByToolAndOutcome() async throws {
        let session = session(server())
        _ = await session.connect(.init(target: Target(command: "canned")))
        for tool in ["echo", "echo", "fail", "no-such-tool-1", "no-such-tool-2"] { _ = await session.callTool(tool) }
        let name = "mcp_test_target_tool_calls_total"
        #expect(
            lines.filter { $0.hasPrefix(name) } == [
                #"\#(name){outcome="fail",tool="(unknown)"} 2"#, #"\#(name){outcome="fail",tool="fail"} 1"#,
                #"\#(name){outcome="pass",tool="echo"} 2"#,
            ],
            "\(lines)"
        )
        #expect(lines.contains(#"mcp_test_target_tool_call_duration_seconds_count{tool="echo"} 2"#), "\(lines)")
    }

    @Test("at most 100 names of tools are kept apart, so that no target or assistant can fill the memory")
    func namesAreBounded() async throws {
        let session = session(server())
        _ = await session.connect(.init(target: Target(command: "canned")))
        for index in 0..<150 { _ = await session.callTool("many\(index)") }
        _ = await session.callTool("many" + String(repeating: "y", count: 200))
        let counts = lines.filter { $0.hasPrefix("mcp_test_target_tool_calls_total") }
        #expect(counts.count == 101, "\(counts)")
        #expect(counts.contains(#"mcp_test_target_tool_calls_total{outcome="pass",tool="(other)"} 51"#), "\(counts)")
    }

    @Test func aSecretThatIsTheNameOfAToolIsReplaced() async throws {
        let session = session(server())
        let target = Target(command: "canned", environment: ["API_TOKEN": "secret-name-7712"])
        _ = await session.connect(.init(target: target))
        #expect(await session.callTool("secret-name-7712").failure == nil)
        #expect(!lines.joined().contains("secret-name-7712"), "\(lines)")
        #expect(lines.contains { $0.contains("tool=\"‹redacted:") }, "\(lines)")
    }

    @Test("the time that the user takes to answer is not in the histogram")
    func inputIsNotMeasured() async throws {
        let server = InputRequestingServer(.legacy, rounds: [[.form("name")]])
        let clock = FakeClock()
        var settings = TesterSettings(info: Implementation(name: "tester-tests", version: "1")) { _ in
            server.transport()
        }
        settings.metrics = TesterMetrics(factory: registry)
        let session = TesterSession(settings: settings, clock: SystemTesterClock(clock))
        _ = await session.connect(.init(target: Target(command: "asking")))
        let asked = await session.callTool("ask")
        try #require(asked.pending != nil, "\(asked.verdict)")
        #expect(!lines.contains { $0.hasPrefix("mcp_test_target_tool_calls_total") }, "\(lines)")
        _ = await session.respond(nil, with: ["": ["action": "decline"]])
        #expect(lines.contains { $0.hasPrefix("mcp_test_target_tool_calls_total") }, "\(lines)")
        #expect(!lines.contains { $0.hasPrefix("mcp_test_target_tool_call_duration") }, "\(lines)")
        await session.close()
    }

    @Test func everyMetricHasHelp() async throws {
        let session = session(server())
        let metrics = TesterMetrics(factory: registry)
        _ = await session.connect(.init(target: Target(command: "canned")))
        let report = await session.callTool("fail")
        metrics.recording(before: nil)("call_tool", report, .milliseconds(1))
        await session.close()
        let types = lines.filter { $0.hasPrefix("# TYPE") }
        #expect(types.count == 7 && lines.count { $0.hasPrefix("# HELP") } == types.count, "\(lines)")
        let labels = #"{error_type="execution_error",failure_class="tool_error"}"#
        #expect(lines.contains("mcp_test_errors_total\(labels) 1"), "\(lines)")
    }
}
