import JSON
import Terminal
import TestSupport
import Tester
import Testing

@testable import TesterCommands

/// A session whose commands come from a script.
@Suite(.timeLimit(.minutes(15)))
struct ShellScriptTests {
    private func shell(
        _ lines: String...,
        options: [String] = [],
        on server: InputRequestingServer? = nil
    ) async throws -> (exit: Exit, written: Written) {
        let written = Written()
        let context = try CommandContext.scripted(written, script: lines, target: server)
        return (try await run(["shell", "demo"] + options, in: context), written)
    }

    private func verdicts(_ written: Written) -> [String] {
        written.out.split(separator: "\n").map(String.init).filter { line in
            ["PASS: ", "FAIL: ", "ERROR: ", "NEEDS_INPUT: "].contains { line.hasPrefix($0) }
        }
    }

    @Test func eachLineIsACommandOfOneConnection() async throws {
        let (exit, written) = try await shell(
            "# a comment",
            "",
            "call add {\"a\": 1, \"b\": 2}",
            "call echo message='two words'",
            "read demo://weather/Lisbon",
            "list --tools",
            "status --json",
            "quit",
            "call echo message=never"
        )
        #expect(exit == .passed, "\(written.out) \(written.error)")
        #expect(verdicts(written).count == 4, "\(written.out)")
        #expect(written.out.contains("\n  two words\n"))
        #expect(!written.out.contains("never"))
        let status = try #require(written.out.split(separator: "\n").last { $0.hasPrefix("{") })
        let statistics = try JSONValue(parsing: String(status))["connection"]?["statistics"]
        #expect(statistics?["tools_called"] == 2 && statistics?["resources_accessed"] == 1, "\(status)")
    }

    @Test func theFirstCommandThatDoesNotPassDecidesTheExitCodeAndTheRestRuns() async throws {
        let (exit, written) = try await shell("call no_such_tool", "nonsense", "call echo message=still")
        #expect(exit == .failed)
        #expect(written.out.contains("\n  still\n"))
        let codes = try written.error.split(separator: "\n").filter { $0.hasPrefix("{") }
            .map { try JSONValue(parsing: String($0))["error"]?["exit_code"]?.int }
        #expect(codes == [1, 2])
    }

    @Test(
        arguments: [
            ("lst", "Unknown command \"lst\". Did you mean \"list\"?"),
            ("call echo --cwd /tmp", "`call` has no option --cwd in a session."),
            ("list --tols", "Did you mean --tools?"),
            ("list tols", "Unexpected argument \"tols\".\nThe session has its server."),
            ("call echo -", "standard input is the session"),
            ("call echo message='x", "The ' is not closed."),
            ("call", "Missing tool name."),
            ("call echo nonsense", "expected name=value"),
            ("help nonsense", "Unknown command \"nonsense\"."),
            ("respond name=Ada", "No call is waiting for input."),
        ]
    )
    func aLineThatIsWrongIsRefusedWithoutEndingTheSession(_ line: String, _ message: String) async throws {
        let (exit, written) = try await shell(line, "call echo message=on")
        #expect(exit == .misused, "\(written.out) \(written.error)")
        #expect((written.out + written.error).contains(message), "\(written.error)")
        #expect(written.out.contains("\n  on\n"))
        #expect(!written.error.contains(" TARGET"))
    }

    @Test func everyReportIsOneLineOfJSONIfWanted() async throws {
        let (exit, written) = try await shell("call echo message=a", "list --prompts", options: ["--json"])
        #expect(exit == .passed)
        let reports = try written.out.split(separator: "\n").map { try JSONValue(parsing: String($0)) }
        #expect(reports.count == 2 && reports.allSatisfy { $0["success"] == true }, "\(written.out)")
    }

    @Test func aTestDoesNotCloseTheConnection() async throws {
        let (exit, written) = try await shell("test", "call echo message=afterwards")
        #expect(exit == .passed, "\(written.out)")
        #expect(written.out.contains("\n  afterwards\n"))
    }

    @Test func aRestartKeepsTheSession() async throws {
        let (exit, written) = try await shell("restart", "call echo message=again", "events --last 3", "capabilities")
        #expect(exit == .passed, "\(written.out) \(written.error)")
        #expect(verdicts(written).first?.hasPrefix("PASS: restarted") == true, "\(written.out)")
        #expect(written.out.contains("\n  again\n"))
    }

    @Test(arguments: InputRequestTests.eras)
    func anInputRequestIsAnsweredByALaterCommand(_ era: CannedServer.Era) async throws {
        let form = InputRequestingServer.Question.form(
            "who",
            #"{"name":{"type":"string"},"age":{"type":"integer"},"color":{"type":"string","enum":["red","blue"]}}"#
        )
        let server = InputRequestingServer(era, rounds: [[form], [.sampling("model")], [.form("more")]])
        let (exit, written) = try await shell(
            "call ask",
            "respond name=Ada age=old",
            "respond name=Ada age=36 color=2",
            "respond text='six times seven'",
            "respond decline",
            on: server
        )
        // That of the second line, which the request refused.
        #expect(exit == .misused, "\(written.out) \(written.error)")
        #expect(verdicts(written).map { $0.prefix(4) } == ["NEED", "NEED", "NEED", "PASS"], "\(written.out)")
        // The options of a command are of no use in a session.
        #expect(written.out.contains("Next step: Answer with respond NAME=VALUE …"), "\(written.out)")
        #expect(!written.out.contains("--answer"), "\(written.out)")
        #expect(written.error.contains("`age`: expected an integer, got \"old\""))
        #expect(written.out.contains(#""content":{"name":"Ada","age":36,"color":"blue"}"#), "\(written.out)")
        #expect(written.out.contains("six times seven") && written.out.contains(#""action":"decline""#))
    }

    @Test func helpListsTheCommandsAndTheUsageOfOneWithoutATarget() async throws {
        let (exit, written) = try await shell("help", "help call", "help restart", "? quit")
        #expect(exit == .passed)
        for name in ShellRootCommand.names { #expect(written.out.contains("\(name) "), "\(name)") }
        #expect(written.out.contains("\ncall TOOL [ARGUMENT ...]\n"))
        #expect(!written.out.contains("TARGET") && !written.out.contains("mcp-test-mcp"))
    }

    @Test func aServerThatDoesNotStartEndsTheSession() async throws {
        let written = Written()
        let context = try CommandContext.scripted(written, script: ["list"])
        let exit = try await run(["shell", "/no/such/server.py"], in: context)
        #expect(exit == .inconclusive, "\(written.out)")
        #expect(!written.out.contains("PASS"))
    }

    @Test func answersInAdvanceBelongToACommand() async throws {
        let (exit, written) = try await shell("list", options: ["--answer", "name=Ada"])
        #expect(exit == .misused)
        #expect(written.error.contains("belong to a command of the session"))
    }

    // MARK: - Completion

    private func completions(_ text: String) async throws -> [String] {
        let context = try CommandContext.scripted(Written())
        let session = TesterSession(
            settings: TesterSettings(info: Program.identity, makeTransport: context.makeTransport),
            clock: context.clock
        )
        let target = try TargetResolver(executable: context.executable).resolve("demo")
        _ = await session.connect(TesterSession.ConnectRequest(target: target, policy: InputPolicy()))
        let completion = await ShellCompletion(session: session).completion(of: text)
        await session.close()
        return completion.candidates.map(\.text)
    }

    @Test(
        arguments: [
            ("ca", ["call", "capabilities"]), ("call ec", ["echo"]), ("call echo ", ["message="]),
            ("call add a=1 ", ["b="]), ("call echo message=hi ", []), ("describe weat", ["weather"]),
            ("describe echo ", []), ("list --t", ["--tools", "--templates"]), ("help resp", ["respond"]),
            ("call 'ec", ["echo"]), ("prompt summ", ["summarize"]), ("prompt summarize text=x ", ["style="]),
            ("prompt summarize style=b", ["style=bullets"]),
            ("read demo://weather/Li", ["demo://weather/Lima", "demo://weather/Lisbon"]),
            ("complete --prompt summarize ", ["text", "style"]),
            ("complete --template demo://weather/{city} ", ["city"]),
            ("raw tools/c", ["tools/call"]), ("events --kind str", ["stray"]), ("respond d", ["decline"]),
            ("nonsense ", []), ("call no_such_tool ", []), ("call --task w", ["wait"]),
        ]
    )
    func whatFitsIsOffered(_ text: String, _ candidates: [String]) async throws {
        #expect(try await completions(text) == candidates)
    }
}
