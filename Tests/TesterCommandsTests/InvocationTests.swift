import JSON
import MCPClient
import Tester
import Testing

@testable import TesterCommands

@Suite struct InvocationTests {
    private func misuse(_ arguments: String...) throws -> (line: ErrorLine, text: String) {
        guard case .misuse(let line, let text) = Invocation(arguments) else { throw Accepted(arguments: arguments) }
        return (line, text)
    }

    private func targetCommand(_ arguments: [String]) throws -> (any TargetCommand, CommandContext) {
        guard case .run(let command as any TargetCommand, let serverCommand) = Invocation(arguments) else {
            throw Refused(arguments: arguments)
        }
        var context = try CommandContext.scripted(Written())
        context.serverCommand = serverCommand
        return (command, context)
    }

    private func choice(_ arguments: [String]) throws -> TargetChoice {
        let (command, context) = try targetCommand(arguments)
        return try TargetOptions.choice(command.words, in: context)
    }

    // MARK: - Which command

    @Test(arguments: [[], ["-t", "stdio"], ["serve"], ["--port", "9000"]])
    func withoutACommandTheTesterServes(arguments: [String]) throws {
        guard case .run(let command, nil) = Invocation(arguments) else { throw Refused(arguments: arguments) }
        #expect(command is ServeCommand)
    }

    @Test func anUnknownCommandIsRefusedWithASuggestion() throws {
        let misuse = try misuse("lst", "server.py")
        #expect(misuse.line.message == #"Unknown command "lst". Did you mean "list"?"#)
        #expect(misuse.line.exit == .misused)
        #expect(misuse.text.hasPrefix("Error: Unknown command"))
    }

    @Test func aServerInsteadOfACommandIsRefusedWithTheCommandToTestIt() throws {
        #expect(try misuse("./server.py").line.message.hasSuffix("To test that server: mcp-test-mcp test ./server.py"))
    }

    @Test func anUnknownOptionIsRefusedWithASuggestion() throws {
        let misuse = try misuse("list", "demo", "--jsn")
        #expect(misuse.line.message.contains("Unknown option '--jsn'. Did you mean '--json'?"))
        #expect(misuse.line.code == "usage")
    }

    @Test(arguments: [
        ["list", "demo", "--protocol", "2020-01-01"], ["list", "demo", "--timeout", "0"],
        ["list", "demo", "--timeout", "soon"], ["list", "demo", "--color", "blue"], ["serve", "--port", "70000"],
        ["serve", "--", "server"],
    ])
    func anInvalidValueIsRefused(arguments: [String]) {
        guard case .misuse(let line, _) = Invocation(arguments) else {
            Issue.record("accepted")
            return
        }
        #expect(line.exit.code == 2)
    }

    @Test func versionPrintsNameAndVersion() throws {
        guard case .information(let text) = Invocation(["--version"]) else { throw Refused(arguments: []) }
        #expect(text == "mcp-test-mcp \(Program.version)\n")
    }

    @Test(arguments: [["--help"], ["help"], ["call", "--help"], ["help", "call"]])
    func helpIsNotAnError(arguments: [String]) throws {
        guard case .information(let text) = Invocation(arguments) else { throw Refused(arguments: arguments) }
        #expect(text.contains("USAGE: mcp-test-mcp"))
    }

    @Test(arguments: [
        ["me:s3cret@h/mcp"], ["http://me:s3cret@h/mcp"], ["list", "demo", "--hedaer=X-Key: s3cret"],
        ["list", "demo", "--hedaer", "X-Key: s3cret"], ["list", "demo", "--timeout", "Bearer s3cret"],
        ["list", "demo", "--timeout=password=s3cret"], ["serve", "X-Key: s3cret"], ["serve", "http://h/?token=s3cret"],
        ["Authorization: Bearer s3cret"], ["list", "demo", "--auth-tokn=s3cret"],
    ])
    func aRefusedCommandLineIsReportedWithoutItsSecrets(arguments: [String]) throws {
        guard case .misuse(let line, let text) = Invocation(arguments) else { throw Accepted(arguments: arguments) }
        #expect(!line.line.contains("s3cret") && !text.contains("s3cret"), "\(text)")
    }

    // MARK: - Which target

    @Test(
        arguments: [
            (["list", "server.py"], TargetChoice.Name.path("server.py"), []),
            (["list", "demo"], .demo, []),
            (["list", "./demo"], .path("./demo"), []),
            (["list", "--", "npx", "-y", "@x/server"], .command(["npx", "-y", "@x/server"]), []),
            (["list", "--json", "--", "demo"], .command(["demo"]), []),
            (["call", "server.py", "echo", "a=1"], .path("server.py"), ["echo", "a=1"]),
            (
                ["call", "echo", "a=1", "--", "uv", "run", "--", "x"], .command(["uv", "run", "--", "x"]),
                ["echo", "a=1"]
            ),
            (["call", "--json", "demo", "-v", "echo", "a=1", "b=-2"], .demo, ["echo", "a=1", "b=-2"]),
            (["call", "demo", "echo", "-", "--json"], .demo, ["echo", "-"]),
            (["read", "file:///x", "--", "server"], .command(["server"]), ["file:///x"]),
            (["raw", "demo", "--bytes", "{}"], .demo, []),
        ] as [([String], TargetChoice.Name, [String])]
    )
    func theTargetIsTheFirstWordOrTheCommandAfterTwoDashes(
        arguments: [String],
        name: TargetChoice.Name,
        rest: [String]
    ) throws {
        let choice = try choice(arguments)
        #expect(choice.name == name)
        #expect(choice.rest == rest)
    }

    @Test func theDemoTargetStartsThisProgramAgain() async throws {
        let (command, context) = try targetCommand(["list", "demo"])
        let target = try await command.options.target(choice(["list", "demo"]), in: context)
        #expect(target == Target(command: "/bin/mcp-test-mcp", arguments: ["demo"], name: "demo"))
    }

    @Test func aTargetCommandGetsItsVariablesAndItsWorkingDirectory() async throws {
        let arguments = ["list", "--env", "A=1", "--env", "B=x=y", "--cwd", "/tmp", "--", "server", "-v"]
        let (command, context) = try targetCommand(arguments)
        let target = try await command.options.target(choice(arguments), in: context)
        #expect(target.process?.command == "server")
        #expect(target.process?.arguments == ["-v"])
        #expect(target.process?.environment == ["A": "1", "B": "x=y"])
        #expect(target.process?.workingDirectory == "/tmp")
    }

    @Test(arguments: [
        (["list"], "Missing target."),
        (["list", "--"], "Missing command after --."),
        (["list", "demo", "--env", "A"], "An --env argument is not NAME=VALUE."),
        (["list", "python", "server.py"], #"Unexpected argument "server.py" after the target."#),
        (["list", "demo", "--", "server"], #"Unexpected argument "demo" after the target."#),
        (["call", "demo"], "Missing tool name."),
        (["prompt", "demo"], "Missing prompt name."),
        (["read", "demo"], "Missing resource URI."),
        (["read", "demo", "a", "b"], #"Unexpected argument "b" after the URI."#),
        (["raw", "demo"], "Missing method name."),
        (["raw", "demo", "ping", "[1]"], #"Invalid argument "[1]": expected name=value."#),
    ])
    func invalidWordsAreRefusedBeforeAnythingIsStarted(arguments: [String], message: String) async throws {
        let written = Written()
        let exit = try await run(arguments, in: .scripted(written))
        #expect(exit == .misused)
        #expect(written.out.isEmpty)
        #expect(written.error.hasPrefix("Error: \(message)\n"))
        #expect(try written.errorLine["message"]?.string == message)
    }

    // MARK: - Limits

    @Test func limitsAreReadFromTheCommandLineThenTheEnvironmentThenTheDefaults() throws {
        let environment = Environment(["MCP_TEST_CONNECT_TIMEOUT": "7"])
        let plain = try targetCommand(["list", "demo"]).0.options.limits(environment)
        #expect(plain.connect == .seconds(7))
        #expect(plain.idle == ConnectionLimits().idle)
        let options = try targetCommand(["list", "demo", "--connect-timeout", "1.5", "--timeout", "90"]).0.options
        #expect(options.limits(environment).connect == .milliseconds(1500))
        #expect(options.limits(environment).request == .seconds(90))
        #expect(options.limits(environment).idle == .seconds(90))
        let exact = try targetCommand(["list", "demo", "--timeout", "90", "--idle-timeout", "5", "--probe-grace", "0"])
        #expect(exact.0.options.limits(environment).idle == .seconds(5))
        #expect(exact.0.options.limits(environment).probeGrace == .zero)
    }

    private struct Accepted: Error {
        var arguments: [String]
    }

    private struct Refused: Error {
        var arguments: [String]
    }
}
