import JSON
import TestSupport
import Testing

/// Settings from the command line, the environment and a file, and secrets.
@Suite(.timeLimit(.minutes(15)))
struct EnvironmentTests {
    private func entries(_ run: Run) throws -> [JSONValue] {
        try run.errorLines.map { try JSONValue(parsing: $0) }
    }

    @Test func theEnvironmentSetsTheLogLevel() async throws {
        let quiet = try await RunningProgram.run([], environment: ["MCP_TEST_LOG_LEVEL": "ERROR"])
        #expect(quiet.errors.isEmpty, "\(quiet)")
        let usual = try await RunningProgram.run([])
        #expect(try entries(usual).map { $0["level"] } == ["INFO"], "\(usual)")
        let talkative = try await RunningProgram.run([], environment: ["MCP_TEST_LOG_LEVEL": "debug"])
        #expect(try entries(talkative).contains { $0["level"] == "DEBUG" }, "\(talkative)")
    }

    @Test func theHarmlessSettingsOfDotEnvAreReadAndTheEnvironmentWins() async throws {
        let folder = try TemporaryFolder()
        try folder.write("# settings\nexport MCP_TEST_LOG_LEVEL=\"ERROR\"\n", to: ".env")
        let byFile = try await RunningProgram.run([], in: folder.path)
        #expect(byFile.code == 0 && byFile.errors.isEmpty, "\(byFile)")
        let variables = ["MCP_TEST_LOG_LEVEL": "INFO"]
        let byEnvironment = try await RunningProgram.run([], environment: variables, in: folder.path)
        #expect(try entries(byEnvironment).map { $0["level"] } == ["INFO"], "\(byEnvironment)")
    }

    @Test func aPlantedDotEnvCannotOpenAPortAndANamedFileCan() async throws {
        let folder = try TemporaryFolder()
        let planted = "MCP_TEST_TRANSPORT=streamable-http\nMCP_TEST_HOST=0.0.0.0\nMCP_TEST_SERVER_TOKEN=planted-8841\n"
        try folder.write(planted, to: ".env")
        // Over stdio it exits with its input; over HTTP it would serve until it is killed.
        let run = try await RunningProgram.run([], in: folder.path)
        #expect(run.code == 0, "\(run)")
        let warnings = try entries(run).filter { $0["level"] == "WARNING" }.compactMap { $0["message"]?.string }
        #expect(warnings.count == 3, "\(run)")
        for (name, warning) in zip(["TRANSPORT", "HOST", "SERVER_TOKEN"], warnings) {
            #expect(warning.hasPrefix("Ignored MCP_TEST_\(name) in .env"), "\(run)")
        }
        #expect(!run.errors.contains("planted-8841"), "\(run)")

        try folder.write("MCP_TEST_TRANSPORT=carrier-pigeon\n", to: "my.env")
        let named = try await RunningProgram.run(["--env-file", "my.env"], in: folder.path)
        #expect(named.code == 2 && named.errors.contains("carrier-pigeon"), "\(named)")
    }

    /// Each is a shell command that creates `.env`, and the reason why that is ignored.
    @Test(arguments: [
        ("mkfifo .env", "not a regular file"), ("mkfifo fifo && ln -s fifo .env", "not a regular file"),
        ("ln -s /dev/zero .env", "not a regular file"), ("head -c 65537 /dev/zero >.env", "larger than 64 KiB"),
    ])
    func aDotEnvThatIsNotASmallRegularFileIsIgnored(command: String, reason: String) async throws {
        let folder = try TemporaryFolder()
        let script = #"cd "$1" && \#(command) && exec "$0""#
        let run = try await RunningProgram(script: script, [folder.path]).finish()
        #expect(run.code == 0, "\(run)")
        let warning = try entries(run).first { $0["level"] == "WARNING" }
        #expect(warning?["message"]?.string?.contains(reason) == true, "\(run)")
    }

    @Test func anInvalidLineOfTheFileIsNamedByItsNumberAndNotRepeated() async throws {
        let folder = try TemporaryFolder()
        try folder.write("MCP_TEST_LOG_LEVEL=INFO\nhunter2-is-not-an-assignment\n", to: ".env")
        let run = try await RunningProgram.run([], in: folder.path)
        #expect(run.errors.contains("line 2 of .env"), "\(run)")
        #expect(!run.errors.contains("hunter2"))
    }

    @Test(arguments: [
        (["MCP_TEST_PORT": "eighty"], "using 8000"),
        (["MCP_TEST_PORT": "70000"], "using 8000"),
        (["MCP_TEST_LOG_LEVEL": "LOUD"], "using INFO"),
        (["MCP_TEST_CONNECT_TIMEOUT": "soon"], "using 30"),
    ])
    func anInvalidSettingIsAWarningAndTheDefaultIsUsed(variables: [String: String], text: String) async throws {
        let run = try await RunningProgram.run([], environment: variables)
        let warnings = try entries(run).filter { $0["level"] == "WARNING" }
        #expect(warnings.count == 1, "\(run)")
        #expect(warnings.first?["message"]?.string?.contains(text) == true, "\(run)")
        #expect(run.code == 0)
    }

    @Test func anUnknownTransportIsRefused() async throws {
        let byOption = try await RunningProgram.run(["-t", "pigeon"])
        let byVariable = try await RunningProgram.run([], environment: ["MCP_TEST_TRANSPORT": "pigeon"])
        for run in [byOption, byVariable] {
            #expect(run.code == 2, "\(run)")
            #expect(run.output.isEmpty)
            #expect(try run.errorReport()?["code"] == "usage", "\(run)")
        }
    }

    @Test func theConnectTimeoutOfTheEnvironmentAppliesToTargetsUnlessTheOptionIsGiven() async throws {
        let silent = ["--", Product.path, "demo", "--fault", "silent"]
        let variables = ["MCP_TEST_CONNECT_TIMEOUT": "0.2"]
        let byVariable = try await RunningProgram.run(["list"] + silent, environment: variables)
        #expect(byVariable.text.contains("within 0.2 s"), "\(byVariable)")
        let byOption = try await RunningProgram.run(
            ["list", "--connect-timeout", "0.3"] + silent,
            environment: variables
        )
        #expect(byOption.text.contains("within 0.3 s"), "\(byOption)")
        let host = try await Host.connected(environment: variables)
        let answer = try await host.call(
            "connect_to_server",
            ["command": .string(Product.path), "args": ["demo", "--fault", "silent"]]
        )
        #expect(answer["failure_class"] == "timeout", "\(answer)")
        #expect(answer["error"]?["message"]?.string?.contains("within 0.2 s") == true, "\(answer)")
        #expect(await host.finish().code == 0)
    }

    @Test func atDebugEachToolCallIsLoggedWithItsNameDurationAndOutcomeOnly() async throws {
        let host = try await Host.connected(environment: ["MCP_TEST_LOG_LEVEL": "DEBUG"])
        _ = try await host.call("echo", ["message": "not for the log"])
        _ = try await host.call("call_tool", ["name": "none", "arguments": [:]])
        let run = await host.finish()
        let entries = try entries(run).filter { $0["message"] == "Tool call finished" }
        #expect(entries.compactMap { $0["tool_name"]?.string } == ["echo", "call_tool"], "\(run)")
        #expect(entries.allSatisfy { $0["duration_ms"]?.number.map { $0.double >= 0 } ?? false }, "\(run)")
        #expect(entries.compactMap { $0["outcome"]?.string } == ["PASS", "ERROR"])
        #expect(entries.last?["failure_class"] == "transport")
        #expect(!run.errors.contains("not for the log"))
    }

    @Test func secretsInTheEnvironmentOfATargetAreNeverPrinted() async throws {
        let secret = "s3cr3t-7f1e"
        let host = try await Host.connected(environment: ["MCP_TEST_LOG_LEVEL": "DEBUG"])
        let environment: JSONObject = ["env": ["API_TOKEN": .string(secret)], "auth": .string(secret)]
        // The target receives it.
        let script = "[ \"$API_TOKEN\" = \(secret.prefix(6))'\(secret.dropFirst(6))' ] && exec '\(Product.path)' demo"
        try await host.connect(to: ["/bin/sh", "-c", script], environment)
        _ = try await host.call("get_connection_status")
        _ = try await host.call("call_tool", ["name": "divide", "arguments": ["dividend": 1, "divisor": 0]])
        _ = try await host.call("call_tool", ["name": "no_such_tool"])
        for command in ["no-such-command-here", "false"] {
            var arguments = environment
            arguments["command"] = .string(command)
            #expect(try await host.call("connect_to_server", .object(arguments))["success"] == false)
        }
        let run = await host.finish()
        #expect(!run.text.contains(secret))
        #expect(!run.errors.contains(secret))

        for target in [["demo"], ["--", "false"]] {
            let shown = try await RunningProgram.run(["test", "-v", "--json", "--env", "API_TOKEN=\(secret)"] + target)
            #expect(!shown.text.contains(secret) && !shown.errors.contains(secret), "\(shown)")
        }
    }
}
