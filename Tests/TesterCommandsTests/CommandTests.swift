import DemoServer
import JSON
import Platform
import Tester
import Testing

@testable import TesterCommands

@Suite struct CommandTests {
    @Test func aSuccessfulCallShowsTheArgumentsAndTheResult() async throws {
        let written = Written()
        let exit = try await run(["call", "demo", "echo", "message=two words"], in: .scripted(written))
        #expect(exit == .passed)
        #expect(written.out.hasPrefix(#"PASS: tool "echo" returned a result"#))
        #expect(written.out.contains("\nSent\n  {\"message\":\"two words\"}\n\nResult\n  two words\n"))
        #expect(written.error.isEmpty)
    }

    @Test func numbersKeepTheirLiterals() async throws {
        let written = Written()
        let exit = try await run(["call", "demo", "add", "a=1.50", "b:=2"], in: .scripted(written))
        #expect(exit == .passed)
        #expect(written.out.contains(#"{"a":1.50,"b":2}"#))
        #expect(written.out.contains("Structured content\n  {\n    \"sum\": 3.5\n  }\n"))
    }

    @Test func argumentsAreReadFromStandardInputAndFiles() async throws {
        let written = Written()
        let input = #"{"message":"from outside"}"#
        #expect(try await run(["call", "demo", "echo", "-"], in: .scripted(written, standardInput: input)) == .passed)
        let context = try CommandContext.scripted(written, files: ["a.json": input])
        #expect(try await run(["call", "demo", "echo", "@a.json"], in: context) == .passed)
        #expect(written.out.split(separator: "\n").count { $0 == "  from outside" } == 2)
    }

    @Test func jsonOutputIsOneObjectAndNothingElse() async throws {
        let written = Written()
        let exit = try await run(["call", "demo", "echo", "message=x", "--json"], in: .scripted(written))
        #expect(exit == .passed)
        #expect(written.out.hasSuffix("}\n"))
        let object = try JSONValue(parsing: written.out)
        #expect(object["success"] == true)
        #expect(object["tool_call"]?["result"] == "x")
    }

    @Test func aToolErrorExitsWithOneAndAnErrorLine() async throws {
        let written = Written()
        let exit = try await run(["call", "demo", "divide", "dividend=1", "divisor=0"], in: .scripted(written))
        #expect(exit == .failed)
        #expect(written.out.hasPrefix("FAIL: The tool \"divide\" reported an error"))
        #expect(written.out.contains(#"{"dividend":1,"divisor":0}"#))
        #expect(try written.errorLine["code"] == "tool_error")
        #expect(try written.errorLine["exit_code"] == 1)
    }

    @Test func anArgumentOfTheWrongTypeIsRefusedBeforeTheCall() async throws {
        let written = Written()
        let exit = try await run(["call", "demo", "add", "a=one", "b=2", "-v"], in: .scripted(written))
        #expect(exit == .misused)
        #expect(written.out.isEmpty)
        #expect(written.error.contains(#"Argument "a": expected a number, got "one"."#))
        #expect(!written.error.contains("tools/call"))
    }

    @Test func anExactArgumentIsSentEvenIfTheSchemaForbidsIt() async throws {
        let written = Written()
        let exit = try await run(["call", "demo", "add", #"a:="one""#, "b:=2", "-v"], in: .scripted(written))
        #expect(exit == .failed)
        #expect(written.error.contains(#""arguments":{"a":"one","b":2}"#))
    }

    @Test func aTimeoutExitsWithThree() async throws {
        let written = Written()
        let context = try CommandContext.scripted(written, faults: [.neverAnswer])
        #expect(
            try await run(["call", "demo", "echo", "message=x", "--timeout", "0.05"], in: context) == .inconclusive
        )
        #expect(written.out.hasPrefix("ERROR: "))
        #expect(try written.errorLine["code"] == "timeout")
        #expect(try written.errorLine["exit_code"] == 3)
    }

    @Test func aMissingFileExitsWithThree() async throws {
        let written = Written()
        #expect(try await run(["list", "/no/such/server.py"], in: .scripted(written)) == .inconclusive)
        #expect(written.out.hasPrefix("ERROR: `/no/such/server.py` does not exist."))
        #expect(try written.errorLine["code"] == "spawn")
    }

    @Test func theDemoServerPasses() async throws {
        let written = Written()
        #expect(try await run(["test", "demo"], in: .scripted(written)) == .passed)
        #expect(written.out.hasPrefix("PASS: no faults in demo-server 1.0.0: "))
        #expect(written.out.contains("0 of "))
        #expect(written.out.contains("\nNot exercised\n"))
    }

    @Test("a full test calls the named tool and says what it did not use")
    func aFullTestCallsTheNamedTool() async throws {
        let written = Written()
        #expect(try await run(["test", "demo", "--call", "echo"], in: .scripted(written)) == .passed)
        #expect(written.out.contains("PASS  tools/call \"echo\""), "\(written.out)")
        #expect(written.out.contains("1 of "))
    }

    @Test(arguments: [Fault.invalidTool, .badSchema, .noiseOnStdout, .loopingCursor])
    func aFaultyServerFails(fault: Fault) async throws {
        let written = Written()
        #expect(try await run(["test", "demo"], in: .scripted(written, faults: [fault])) == .failed)
        #expect(written.out.contains("\nErrors ("))
        #expect(written.out.contains("\nPrompts ("))
        #expect(try written.errorLine["exit_code"] == 1)
    }

    @Test func findingsOfTheHandshakeAppearInTheReport() async throws {
        let written = Written()
        let context = try CommandContext.scripted(written, faults: [.noiseOnStdout])
        #expect(try await run(["list", "demo", "prompts"], in: context) == .passed)
        #expect(written.out.contains("! stdout_pollution non-protocol text on stdout"))
        #expect(written.out.contains("\n      Demo server 1.0 is ready!\n"))
    }

    @Test func testCallsNoTool() async throws {
        let written = Written()
        _ = try await run(["test", "demo", "-v"], in: .scripted(written))
        let requests = written.error.split(separator: "\n").filter { $0.contains(" -> ") }
        #expect(!requests.isEmpty)
        #expect(
            !requests.contains {
                $0.contains("tools/call") || $0.contains("resources/read") || $0.contains("prompts/get")
            }
        )
    }

    @Test func listReportsAllKindsAtOnce() async throws {
        let written = Written()
        #expect(try await run(["list", "demo", "--json"], in: .scripted(written)) == .passed)
        let report = try JSONValue(parsing: written.out)
        for key in ["tools", "resources", "resource_templates", "prompts"] {
            #expect(report[key]?.array?.isEmpty == false)
        }
    }

    @Test func listRequestsOnlyTheChosenKinds() async throws {
        let written = Written()
        #expect(try await run(["list", "demo", "--prompts", "-v"], in: .scripted(written)) == .passed)
        #expect(written.out.contains("\nPrompts ("))
        #expect(!written.out.contains("\nTools ("))
        #expect(!written.error.contains("tools/list"))
    }

    @Test func readShowsAResource() async throws {
        let written = Written()
        #expect(try await run(["read", "demo", "test://static-text"], in: .scripted(written)) == .passed)
        #expect(written.out.contains("\nContent  test://static-text text/plain\n  "))
    }

    @Test func promptShowsItsMessages() async throws {
        let written = Written()
        #expect(try await run(["prompt", "demo", "summarize", "text=A"], in: .scripted(written)) == .passed)
        #expect(written.out.contains("\nuser\n  "))
    }

    @Test func rawSendsAnyMethod() async throws {
        let written = Written()
        #expect(try await run(["raw", "demo", "prompts/list", "{}"], in: .scripted(written)) == .passed)
        #expect(written.out.contains("\nResult\n  {\n"))
    }

    @Test func rawSendsAnyBytes() async throws {
        let written = Written()
        let context = try CommandContext.scripted(written, files: ["x": "{\"jsonrpc\":\"2.0\",\"id\":7}\n"])
        #expect(try await run(["raw", "demo", "--bytes", "@x", "-v"], in: context) == .failed)
        #expect(written.error.contains("-> {\"jsonrpc\":\"2.0\",\"id\":7}\n"))
        #expect(written.out.contains("-32600"))
    }

    @Test func verboseShowsFramesInBothDirections() async throws {
        let written = Written()
        _ = try await run(["call", "demo", "echo", "{}", "--verbose"], in: .scripted(written))
        #expect(written.error.contains(" ms -> {\"jsonrpc\":\"2.0\""))
        #expect(written.error.contains(" ms <- {\"jsonrpc\":\"2.0\""))
    }

    @Test(arguments: [
        ["list", "demo"], ["call", "demo", "divide", "dividend=1", "divisor=0"], ["demo", "--list-faults"],
    ])
    func outputThatCannotBeWrittenIsReportedAndExitsWithThree(_ arguments: [String]) async throws {
        let written = Written()
        #expect(try await run(arguments, in: .scripted(written, outputError: ENOSPC)) == .inconclusive)
        #expect(written.error.hasPrefix("Error: Could not write to standard output: No space left on device."))
        #expect(try written.errorLine["code"] == "output")
        #expect(try written.errorLine["exit_code"] == 3)
        #expect(written.error.split(separator: "\n").count == 2, "\(written.error)")
    }

    @Test func theVerdictIsColoredAtATerminal() async throws {
        let written = Written()
        _ = try await run(["call", "demo", "echo", "message=x"], in: .scripted(written, isTerminal: true))
        #expect(written.out.hasPrefix("\u{1B}[1;32mPASS\u{1B}[0m: "))
    }

    @Test func textOfATargetCannotControlTheTerminal() async throws {
        let written = Written()
        let arguments = ["call", "demo", "echo", "message=\u{1B}[2J\nPASS: forged"]
        _ = try await run(arguments, in: .scripted(written, isTerminal: true))
        #expect(!written.out.contains("\u{1B}[2J"))
        #expect(written.out.contains("\n  \\u{1b}[2J\n  PASS: forged\n"))
    }

    @Test func everyFaultIsListedWithADescription() async throws {
        let written = Written()
        #expect(try await run(["demo", "--list-faults"], in: .scripted(written)) == .passed)
        #expect(written.out.split(separator: "\n").count == Fault.allCases.count)
    }

    @Test func anUnknownFaultIsRefusedWithASuggestion() async throws {
        let written = Written()
        #expect(try await run(["demo", "--fault", "crash-on-cal"], in: .scripted(written)) == .misused)
        #expect(written.error.contains("Did you mean crash-on-call?"))
    }
}
