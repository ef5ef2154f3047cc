import ChildProcesses
import Foundation
import JSON
import TestSupport
import Testing

/// The page with metrics, read from the running program.
@Suite(.timeLimit(.minutes(15)))
struct MetricsTests {
    /// The URL of the page, from the log of a program whose standard error is redirected to its output.
    private static func metricsURL(_ program: RunningProgram) async throws -> String {
        while true {
            if let url = try? JSONValue(parsing: try await program.line())["metrics_url"]?.string { return url }
        }
    }

    private static func port(_ url: String) throws -> Int {
        try #require(url.split(separator: "/").dropFirst().first?.split(separator: ":").last.flatMap { Int($0) })
    }

    /// The page as the client library of Prometheus reads it.
    private static func read(_ page: String) async throws -> JSONValue {
        let script = TestPeers.script("metrics.py")
        let reader = try await RunningProgram([script], executable: TestPeers.others.python)
        reader.write(page)
        let run = await reader.finish()
        try #require(run.code == 0, "\(run)\n\(page)")
        return try run.json()
    }

    /// The value of one sample.
    private static func value(_ metrics: JSONValue, _ family: String, _ name: String, _ labels: JSONObject) -> Double? {
        metrics[family]?["samples"]?.array?
            .first { $0["name"]?.string == name && $0["labels"] == .object(labels) }?["value"]?.double
    }

    private static func page(_ port: Int) async throws -> RawHTTP.Answer {
        try await RawHTTP.request("GET", port, "/metrics")
    }

    @Test(
        "the client library of Prometheus reads what was counted over stdio",
        .enabled(if: TestPeers.others.isAvailable, "\(TestPeers.absence)")
    )
    func countsOverStdio() async throws {
        // Standard error is redirected, because it has the URL of a free port.
        let program = try await RunningProgram(
            script: #"exec "$0" "$@" 2>&1"#,
            ["--metrics-port", "0"],
            environment: ["API_TOKEN": "planted-4471"]
        )
        let port = try Self.port(try await Self.metricsURL(program))
        let host = Host(program)
        try await host.initialize()
        for (name, era) in [("a", "legacy"), ("b", "modern")] {
            try await host.connect(to: [Product.path, "demo"], ["name": .string(name), "protocol": .string(era)])
        }
        let missing = try await host.call("connect_to_server", ["command": "/no/such/server", "name": "c"])
        #expect(missing["success"] == false)
        for _ in 0..<3 { _ = try await host.call("call_tool", ["name": "echo", "arguments": ["message": "hi"]]) }
        _ = try await host.call("call_tool", ["name": "planted-4471"])
        _ = try await host.call("disconnect", ["connection_name": "b"])

        let answer = try await Self.page(port)
        #expect(
            answer.status == 200 && answer["content-type"] == "text/plain; version=0.0.4; charset=utf-8",
            "\(answer)"
        )
        #expect(!answer.body.contains("planted-4471"), "\(answer)")
        let metrics = try await Self.read(answer.body)
        func value(_ family: String, _ suffix: String = "", _ labels: JSONObject = [:]) -> Double? {
            Self.value(metrics, family, family + suffix, labels)
        }
        for era in ["legacy", "modern"] {
            let labels: JSONObject = ["era": .string(era), "transport": "stdio"]
            #expect(value("mcp_test_connections", "_total", labels) == 1, "\(metrics)")
            #expect(value("mcp_test_connections_active", "", labels) == (era == "legacy" ? 1 : 0), "\(metrics)")
        }
        #expect(value("mcp_test_connections_failed", "_total", ["era": "auto", "transport": "stdio"]) == 1)
        #expect(value("mcp_test_tool_calls", "_total", ["outcome": "pass", "tool": "connect_to_server"]) == 2)
        #expect(value("mcp_test_tool_calls", "_total", ["outcome": "error", "tool": "connect_to_server"]) == 1)
        #expect(value("mcp_test_tool_calls", "_total", ["outcome": "pass", "tool": "call_tool"]) == 3)
        #expect(value("mcp_test_target_tool_calls", "_total", ["outcome": "pass", "tool": "echo"]) == 3)
        #expect(value("mcp_test_target_tool_calls", "_total", ["outcome": "fail", "tool": "(unknown)"]) == 1)
        let spawn: JSONObject = ["error_type": "connection_failed", "failure_class": "spawn"]
        #expect(value("mcp_test_errors", "_total", spawn) == 1, "\(metrics)")
        let duration = "mcp_test_target_tool_call_duration_seconds"
        #expect(metrics[duration]?["type"] == "histogram")
        #expect(value(duration, "_count", ["tool": "echo"]) == 3)
        #expect(value(duration, "_bucket", ["tool": "echo", "le": "+Inf"]) == 3)
        #expect(value(duration, "_sum", ["tool": "echo"]) ?? 0 > 0)
        let buckets = metrics[duration]?["samples"]?.array?
            .filter { $0["name"]?.string == "\(duration)_bucket" && $0["labels"]?["tool"] == "echo" }
            .compactMap { $0["value"]?.double }
        #expect(try #require(buckets).count == 17 && buckets == buckets?.sorted(), "\(metrics)")
        #expect(value("process_cpu_seconds", "_total") ?? 0 > 0)
        #expect(value("process_start_time_seconds") ?? 0 > 1_700_000_000)
        #expect(value("process_resident_memory_bytes") ?? 0 > 1_000_000)
        #if os(Linux)
        #expect(value("process_open_fds") ?? 0 > 3)
        #endif
        #expect(await host.finish().code == 0)
        await #expect(throws: (any Error).self) { try await Self.page(port) }
    }

    @Test func thePageIsServedBesidesTheToolsOverHTTP() async throws {
        let program = try await RunningProgram(
            script: #"exec "$0" "$@" 2>&1"#,
            ["serve", "--transport", "streamable-http", "--port", "0", "--metrics-port", "0", "--no-auth"]
        )
        let port = try Self.port(try await Self.metricsURL(program))
        let page = try await Self.page(port)
        #expect(page.status == 200 && page.body.contains("# TYPE process_"), "\(page)")
        for (fields, status) in [(["Host": "evil.example:\(port)"], 421), (["Origin": "http://evil.example"], 403)] {
            let answer = try await RawHTTP.request("GET", port, "/metrics", fields)
            #expect(answer.status == status && !answer.body.contains("process_"), "\(answer)")
        }
        #expect(try await RawHTTP.request("GET", port, "/mcp").status == 404)
        program.process.kill(SIGTERM)
        _ = await program.ended()
    }

    @Test func theEnvironmentSetsThePortAndOneInUseIsReportedAtTheStart() async throws {
        let first = try await RunningProgram(script: #"exec "$0" "$@" 2>&1"#, ["--metrics-port", "0"])
        let port = try Self.port(try await Self.metricsURL(first))
        let second = try await RunningProgram.run([], environment: ["MCP_TEST_METRICS_PORT": "\(port)"])
        #expect(second.code == 3 && second.output.isEmpty, "\(second)")
        let message = try #require(try second.errorReport()?["message"]?.string)
        #expect(message.hasPrefix("Could not serve metrics on 127.0.0.1, port \(port): "), "\(second)")
        #expect(second.errors.contains("--metrics-port"), "\(second)")
        #expect(await first.finish().code == 0)
        let third = try await RunningProgram(
            script: #"exec "$0" "$@" 2>&1"#,
            environment: ["MCP_TEST_METRICS_PORT": "\(port)"]
        )
        #expect(try await Self.metricsURL(third) == "http://127.0.0.1:\(port)/metrics")
        #expect(await third.finish().code == 0)
    }

    @Test("without the setting nothing listens, and .env cannot set it")
    func nothingListensWithoutTheSetting() async throws {
        let folder = try TemporaryFolder()
        try folder.write("MCP_TEST_METRICS_PORT=1\n", to: ".env")
        let run = try await RunningProgram.run([], in: folder.path)
        // Port 1 could not be opened, or would be logged.
        #expect(run.code == 0 && !run.errors.contains("metrics_url"), "\(run)")
        #expect(run.errors.contains("Ignored MCP_TEST_METRICS_PORT in .env"), "\(run)")
        #if os(Linux)
        let program = try await RunningProgram()
        try await Host(program).initialize()
        let sockets = try await RunningProgram(
            ["-c", "ls -l /proc/\(program.process.processID)/fd"],
            executable: "/bin/sh"
        ).finish()
        #expect(sockets.code == 0 && !sockets.text.contains("socket:"), "\(sockets)")
        _ = await program.finish()
        #endif
    }

    @Test(arguments: [
        (["--metrics-host", "127.0.0.1"], "--metrics-host needs a port"),
        (["--metrics-port", "70000"], "70000 is not a port"),
        (
            ["--transport", "streamable-http", "--port", "8123", "--metrics-port", "8123"],
            "cannot be served on the same port, 8123"
        ),
    ])
    func wrongOptionsAreRefused(_ options: [String], _ message: String) async throws {
        let run = try await RunningProgram.run(["serve"] + options)
        #expect(run.code == 2 && run.errors.contains(message), "\(run)")
    }

    @Test func aPortThatIsNotANumberIsAWarning() async throws {
        let run = try await RunningProgram.run([], environment: ["MCP_TEST_METRICS_PORT": "many"])
        #expect(run.code == 0, "\(run)")
        #expect(run.errors.contains(#"MCP_TEST_METRICS_PORT: \"many\" is not a port from 1 to 65535"#), "\(run)")
    }
}
