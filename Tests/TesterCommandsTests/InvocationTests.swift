import JSON
import MCPClient
import Tester
import Testing

@testable import TesterCommands

@Suite struct InvocationTests {
    private func misuse(_ arguments: String...) throws -> (line: ErrorLine, text: String) {
        guard case .misuse(let line, let text) = Invocation(arguments) else { throw Understood(arguments: arguments) }
        return (line, text)
    }

    private func targetCommand(_ arguments: [String]) throws -> (any TargetCommand, CommandContext) {
        guard case .run(let command as any TargetCommand, let serverCommand) = Invocation(arguments) else {
            throw NotUnderstood(arguments: arguments)
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
    func withoutACommandTheTesterIsServed(arguments: [String]) throws {
        guard case .run(let command, nil) = Invocation(arguments) else { throw NotUnderstood(arguments: arguments) }
        #expect(command is ServeCommand)
    }

    @Test func anUnknownCommandIsNamedWithTheNearestOne() throws {
        let misuse = try misuse("lst", "server.py")
        #expect(misuse.line.message == #"There is no command "lst". Did you mean "list"?"#)
        #expect(misuse.line.exit == .misused)
        #expect(misuse.text.hasPrefix("Error: There is no command"))
    }

    @Test func aServerInPlaceOfACommandIsToldHowToBeTested() throws {
        #expect(try misuse("./server.py").line.message.hasSuffix("To test that server: mcp-test-mcp test ./server.py"))
    }

    @Test func anUnknownOptionIsNamedWithTheNearestOne() throws {
        let misuse = try misuse("list", "demo", "--jsn")
        #expect(misuse.line.message.contains("Unknown option '--jsn'. Did you mean '--json'?"))
        #expect(misuse.line.code == "usage")
    }

    @Test(arguments: [
        ["list", "demo", "--protocol", "2020-01-01"], ["list", "demo", "--timeout", "0"],
        ["list", "demo", "--timeout", "soon"], ["list", "demo", "--color", "blue"], ["serve", "--port", "70000"],
        ["serve", "--", "server"],
    ])
    func aValueThatMakesNoSenseIsWrongUse(arguments: [String]) {
        guard case .misuse(let line, _) = Invocation(arguments) else {
            Issue.record("accepted")
            return
        }
        #expect(line.exit.code == 2)
    }

    @Test func theVersionIsPrintedWithTheName() throws {
        guard case .information(let text) = Invocation(["--version"]) else { throw NotUnderstood(arguments: []) }
        #expect(text == "mcp-test-mcp \(Program.version)\n")
    }

    @Test(arguments: [["--help"], ["help"], ["call", "--help"], ["help", "call"]])
    func helpIsNoError(arguments: [String]) throws {
        guard case .information(let text) = Invocation(arguments) else { throw NotUnderstood(arguments: arguments) }
        #expect(text.contains("USAGE: mcp-test-mcp"))
    }

    // MARK: - Which target

    @Test(
        arguments: [
            (["list", "server.py"], TargetChoice.Named.path("server.py"), []),
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
        ] as [([String], TargetChoice.Named, [String])]
    )
    func theTargetIsTheFirstWordOrWhatStandsAfterTwoDashes(
        arguments: [String],
        named: TargetChoice.Named,
        rest: [String]
    ) throws {
        let choice = try choice(arguments)
        #expect(choice.named == named)
        #expect(choice.rest == rest)
    }

    @Test func theDemoIsThisProgramStartedOnceMore() throws {
        let (command, context) = try targetCommand(["list", "demo"])
        let target = try command.options.target(choice(["list", "demo"]), in: context)
        #expect(target == Target(command: "/bin/mcp-test-mcp", arguments: ["demo"], name: "demo"))
    }

    @Test func aCommandGetsItsVariablesAndItsDirectory() throws {
        let arguments = ["list", "--env", "A=1", "--env", "B=x=y", "--cwd", "/tmp", "--", "server", "-v"]
        let (command, context) = try targetCommand(arguments)
        let target = try command.options.target(choice(arguments), in: context)
        #expect(target.process?.command == "server")
        #expect(target.process?.arguments == ["-v"])
        #expect(target.process?.environment == ["A": "1", "B": "x=y"])
        #expect(target.process?.workingDirectory == "/tmp")
    }

    @Test(arguments: [
        (["list"], "No target is given."),
        (["list", "--"], "Nothing stands after --."),
        (["list", "demo", "--env", "A"], #"--env A has no name and "="."#),
        (["list", "python", "server.py"], #"There is nothing to do with "server.py", which stands after the target."#),
        (["list", "demo", "--", "server"], #"There is nothing to do with "demo", which stands after the target."#),
        (["call", "demo"], "No tool is named."),
        (["prompt", "demo"], "No prompt is named."),
        (["read", "demo"], "No URI is given."),
        (["read", "demo", "a", "b"], #"There is nothing to do with "b", which stands after the URI."#),
        (["raw", "demo"], "Neither a method nor --bytes is given."),
        (["raw", "demo", "ping", "[1]"], #""[1]" is no argument: it has no name and "="."#),
    ])
    func wordsThatMakeNoSenseAreWrongUseBeforeAnythingIsStarted(arguments: [String], message: String) async throws {
        let written = Written()
        let exit = try await run(arguments, in: .scripted(written))
        #expect(exit == .misused)
        #expect(written.out.isEmpty)
        #expect(written.error.hasPrefix("Error: \(message)\n"))
        #expect(try written.errorLine["message"]?.string == message)
    }

    // MARK: - Limits

    @Test func limitsComeFromTheCommandLineThenTheEnvironmentThenTheDefaults() throws {
        let environment = Environment(["MCP_TEST_CONNECT_TIMEOUT": "7"])
        let plain = try targetCommand(["list", "demo"]).0.options.limits(environment)
        #expect(plain.connect == .seconds(7))
        #expect(plain.idle == ConnectionLimits().idle)
        let told = try targetCommand(["list", "demo", "--connect-timeout", "1.5", "--timeout", "90"]).0.options
        #expect(told.limits(environment).connect == .milliseconds(1500))
        #expect(told.limits(environment).request == .seconds(90))
        #expect(told.limits(environment).idle == .seconds(90))
        let exact = try targetCommand(["list", "demo", "--timeout", "90", "--idle-timeout", "5", "--probe-grace", "0"])
        #expect(exact.0.options.limits(environment).idle == .seconds(5))
        #expect(exact.0.options.limits(environment).probeGrace == .zero)
    }

    private struct Understood: Error {
        var arguments: [String]
    }

    private struct NotUnderstood: Error {
        var arguments: [String]
    }
}
