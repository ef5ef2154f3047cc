import JSON
import TestSupport
import Testing

/// Settings by the command line, the environment and a file, and secrets.
@Suite(.timeLimit(.minutes(15)))
struct EnvironmentTests {
    private func entries(_ run: Run) throws -> [JSONValue] {
        try run.errorLines.map { try JSONValue(parsing: $0) }
    }

    @Test func theEnvironmentSaysWhatIsLogged() async throws {
        let quiet = try await RunningProgram.run([], environment: ["MCP_TEST_LOG_LEVEL": "ERROR"])
        #expect(quiet.errors.isEmpty, "\(quiet)")
        let usual = try await RunningProgram.run([])
        #expect(try entries(usual).map { $0["level"] } == ["INFO"], "\(usual)")
        let talkative = try await RunningProgram.run([], environment: ["MCP_TEST_LOG_LEVEL": "debug"])
        #expect(try entries(talkative).contains { $0["level"] == "DEBUG" }, "\(talkative)")
    }

    @Test func aDotEnvFileIsReadAndTheEnvironmentWins() async throws {
        let folder = try TemporaryFolder()
        try folder.write(
            "# settings\nexport MCP_TEST_LOG_LEVEL=\"ERROR\"\nMCP_TEST_TRANSPORT=carrier-pigeon\n",
            to: ".env"
        )
        let byFile = try await RunningProgram.run([], in: folder.path)
        #expect(byFile.code == 2, "\(byFile)")
        let byEnvironment = try await RunningProgram.run(
            [],
            environment: ["MCP_TEST_TRANSPORT": "stdio"],
            in: folder.path
        )
        #expect(byEnvironment.code == 0)
        #expect(byEnvironment.errors.isEmpty, "\(byEnvironment)")
        let byOption = try await RunningProgram.run(["--transport", "stdio"], in: folder.path)
        #expect(byOption.code == 0)
    }

    @Test func aBrokenLineOfTheFileIsNamedByItsNumberAndNotRepeated() async throws {
        let folder = try TemporaryFolder()
        try folder.write("MCP_TEST_PORT=8001\nhunter2-is-no-assignment\n", to: ".env")
        let run = try await RunningProgram.run([], in: folder.path)
        #expect(run.errors.contains("line 2 of .env"), "\(run)")
        #expect(!run.errors.contains("hunter2"))
    }

    @Test(arguments: [
        (["MCP_TEST_PORT": "eighty"], "8000 is used"),
        (["MCP_TEST_PORT": "70000"], "8000 is used"),
        (["MCP_TEST_LOG_LEVEL": "LOUD"], "INFO is used"),
        (["MCP_TEST_CONNECT_TIMEOUT": "soon"], "30 is used"),
    ])
    func aSettingThatMakesNoSenseWarnsAndTheDefaultIsUsed(variables: [String: String], says: String) async throws {
        let run = try await RunningProgram.run([], environment: variables)
        let warnings = try entries(run).filter { $0["level"] == "WARNING" }
        #expect(warnings.count == 1, "\(run)")
        #expect(warnings.first?["message"]?.string?.contains(says) == true, "\(run)")
        #expect(run.code == 0)
    }

    @Test func anInvalidTransportIsWrongUse() async throws {
        let byOption = try await RunningProgram.run(["-t", "pigeon"])
        let byVariable = try await RunningProgram.run([], environment: ["MCP_TEST_TRANSPORT": "pigeon"])
        for run in [byOption, byVariable] {
            #expect(run.code == 2, "\(run)")
            #expect(run.output.isEmpty)
            #expect(try run.errorReport()?["code"] == "usage", "\(run)")
        }
    }

    @Test func theConnectTimeoutOfTheEnvironmentHoldsForTargetsAndTheOptionWins() async throws {
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

    @Test func atDebugEachAnswerIsLoggedByHowItCameOutAndNothingMore() async throws {
        let host = try await Host.connected(environment: ["MCP_TEST_LOG_LEVEL": "DEBUG"])
        _ = try await host.call("echo", ["message": "not for the log"])
        _ = try await host.call("call_tool", ["name": "none", "arguments": [:]])
        let run = await host.finish()
        let entries = try entries(run).filter { $0["message"] == "Answered" }
        #expect(entries.compactMap { $0["tool"]?.string } == ["echo", "call_tool"], "\(run)")
        #expect(entries.compactMap { $0["outcome"]?.string } == ["PASS", "ERROR"])
        #expect(entries.last?["failure_class"] == "transport")
        #expect(!run.errors.contains("not for the log"))
    }

    @Test func secretsInTheTargetsEnvironmentAreNeverRepeated() async throws {
        let secret = "s3cr3t-7f1e"
        let host = try await Host.connected(environment: ["MCP_TEST_LOG_LEVEL": "DEBUG"])
        let environment: JSONObject = ["env": ["API_TOKEN": .string(secret)], "auth": .string(secret)]
        // The target has it all the same.
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
