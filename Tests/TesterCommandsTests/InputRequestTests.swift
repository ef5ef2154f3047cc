import AsyncRuntime
import Foundation
import JSON
import TestSupport
import Tester
import Testing

@testable import TesterCommands

/// Input requests during a command, answered by options, by a person at the terminal, or by no one.
@Suite(.timeLimit(.minutes(15)))
struct InputRequestTests {
    static let eras: [CannedServer.Era] = [.legacy, .modern]

    private static let form = InputRequestingServer.Question.form(
        "who",
        #"{"name":{"type":"string"},"age":{"type":"integer","default":30},"color":{"type":"string","enum":["red","blue"]}}"#
    )

    @Test(arguments: eras)
    func aRequestThatNoOneCanAnswerExitsWithFive(_ era: CannedServer.Era) async throws {
        let written = Written()
        let server = InputRequestingServer(era, rounds: [[Self.form]])
        let exit = try await run(["call", "x.test", "ask", "--json"], on: server, written)
        #expect(exit.code == 5)
        let object = try JSONValue(parsing: written.out)
        #expect(object["status"] == "needs_input")
        #expect(object["questions"]?[0]?["message"] == "Who are you?")
        #expect(try written.errorLine["code"] == "needs_input")
        #expect(try written.errorLine["exit_code"] == 5)
        #expect(try written.errorLine["questions"]?[0]?["key"] == "who")
        #expect(try written.errorLine["next_step"]?.string?.contains("--answer") == true)
    }

    @Test func aRequestIsShownToPeople() async throws {
        let written = Written()
        let exit = try await run(
            ["call", "x.test", "ask"],
            on: InputRequestingServer(.legacy, rounds: [[Self.form]]),
            written
        )
        #expect(exit == .needsInput)
        #expect(written.out.hasPrefix("NEEDS_INPUT: tool \"ask\" needs input from the user\n"))
        #expect(written.out.contains("Who are you?"))
        #expect(!written.out.contains("call_id"))
        #expect(written.out.contains("\nNext step: Prepare answers with --answer"))
        // Only a request asked for input, whatever was found besides.
        #expect(try written.errorLine["cause"] == nil)
    }

    @Test(arguments: eras)
    func answersAndValuesFromTheCommandLineAreSent(_ era: CannedServer.Era) async throws {
        let written = Written()
        let server = InputRequestingServer(era, rounds: [[Self.form], [.sampling("model")], [.roots("roots")]])
        let exit = try await run(
            [
                "call", "x.test", "ask", "--answer", "name=Ada", "--answer", "color=blue", "--answer",
                #"{"text":"42"}"#,
                "--root", "file:///work", "--json",
            ],
            on: server,
            written
        )
        #expect(exit == .passed)
        let text = try #require(try JSONValue(parsing: written.out)["tool_call"]?["result"]?.string)
        let object = try JSONValue(parsing: text)
        #expect(object["who"]?["content"] == ["name": "Ada", "age": 30, "color": "blue"])
        #expect(object["model"]?["content"]?["text"] == "42")
        #expect(object["roots"]?["roots"]?[0]?["uri"] == "file:///work")
    }

    @Test func answersAreReadFromAFile() async throws {
        let written = Written()
        let answers = #"[{"match":{"kind":"elicitation"},"action":"decline"}]"#
        let exit = try await run(
            ["prompt", "x.test", "p", "--answers", "answers.json"],
            on: InputRequestingServer(.modern, rounds: [[Self.form]]),
            written,
            files: ["answers.json": answers]
        )
        #expect(exit == .passed)
        #expect(written.out.contains("decline"))
    }

    @Test func aPolicyAnswers() async throws {
        let written = Written()
        let exit = try await run(
            ["read", "x.test", "x:y", "--policy", "elicitation=accept_defaults"],
            on: InputRequestingServer(.legacy, rounds: [[Self.form]]),
            written
        )
        #expect(exit == .passed)
        #expect(written.out.contains(#""age":30"#))
    }

    @Test(
        arguments: [
            ["--answer", "nonsense"], ["--answer", "{nonsense"], ["--policy", "elicitation"], ["--policy", "mail=ask"],
            ["--policy", "sampling=llm"], ["--answers", "missing.json"],
        ]
    )
    func anInvalidOptionIsRefused(_ options: [String]) async throws {
        let written = Written()
        let exit = try await run(
            ["call", "x.test", "ask"] + options,
            on: InputRequestingServer(.legacy, rounds: []),
            written
        )
        #expect(exit == .misused)
        #expect(written.out.isEmpty)
    }

    // MARK: - At a terminal

    @Test(arguments: eras)
    func aPersonFillsInTheForm(_ era: CannedServer.Era) async throws {
        let written = Written()
        let server = InputRequestingServer(era, rounds: [[Self.form], [.page("page")]])
        let exit = try await run(
            ["call", "x.test", "ask"],
            on: server,
            written,
            // An invalid age is asked for again; an empty line takes the default; a choice is given by its number.
            typed: ["yes", "Ada", "old", "", "2", "d"]
        )
        #expect(exit == .passed)
        #expect(written.error.contains("The server requests input: Who are you?"))
        #expect(written.error.contains("age (whole number) [30]: "))
        #expect(written.error.contains("`age`: expected an integer, got \"old\""))
        #expect(written.error.contains("https://example.com/x"))
        #expect(written.out.contains(#""content":{"name":"Ada","age":30,"color":"blue"}"#), "\(written.out)")
        #expect(written.out.contains(#""page":{"action":"decline"}"#))
    }

    @Test(arguments: eras)
    func theEndOfInputCancels(_ era: CannedServer.Era) async throws {
        let written = Written()
        let server = InputRequestingServer(era, rounds: [[Self.form]])
        let exit = try await run(["call", "x.test", "ask"], on: server, written, typed: ["yes", "Ada"])
        #expect(exit == .passed)
        #expect(written.out.contains(#""who":{"action":"cancel"}"#))
    }

    private static let strictForm = InputRequestingServer.Question.form(
        "who",
        #"""
        {"name":{"type":"string","title":"Full name","minLength":2},"mail":{"type":"string","format":"email"},
        "age":{"type":"integer","minimum":0,"maximum":150},"news":{"type":"boolean","default":false},
        "tags":{"type":"array","items":{"enum":["a","b","c"]},"minItems":2}}
        """#.replacing("\n", with: ""),
        required: #"["name","age","tags"]"#
    )

    @Test(arguments: eras)
    func eachFieldSaysWhatItAcceptsAndAnInvalidValueIsRefusedAtOnce(_ era: CannedServer.Era) async throws {
        let written = Written()
        let exit = try await run(
            ["call", "x.test", "ask"],
            on: InputRequestingServer(era, rounds: [[Self.strictForm]]),
            written,
            typed: [
                // The optional address can be left empty, but not be wrong. A required field cannot be left empty.
                "", "A", "Ada", "nonsense", "", "151", "", "36", "maybe", "y", "a", "2,c",
            ]
        )
        #expect(exit == .passed, "\(written.out) \(written.error)")
        #expect(written.out.contains(#"{"name":"Ada","age":36,"news":true,"tags":["b","c"]}"#), "\(written.out)")
        for prompt in [
            "Fill in Full name, mail, age, news, tags?", "  name (text, at least 2 characters): ",
            "  mail (e-mail address, optional): ", "  age (whole number, 0 to 150): ", "  news (y/n) [no]: ",
            "  tags (choices or their numbers, separated by commas, at least 2 of them): ",
        ] {
            #expect(written.error.contains(prompt), "\(prompt)")
        }
        for name in ["name", "mail", "age", "news", "tags"] {
            #expect(written.error.components(separatedBy: "  \(name) (").count == (name == "age" ? 4 : 3), "\(name)")
            #expect(written.error.contains("`\(name)`"), "\(name)")
        }
    }

    @Test(arguments: eras)
    func theTimeOfTypingIsNotTheTimeOfTheServer(_ era: CannedServer.Era) async throws {
        let written = Written()
        let clock = FakeClock()
        let server = InputRequestingServer(era, rounds: [[Self.form]])
        var context = try CommandContext.scripted(written, typed: [], target: server)
        context.clock = SystemTesterClock(clock)
        let lines = LinesToType(["yes", "Ada", "", "1"])
        // Each line takes the person half a minute, and the server no time at all.
        context.inputs.line = {
            clock.advance(by: .seconds(30))
            return lines.next()
        }
        let exit = try await TesterCommandsTests.run(
            ["call", "ask", "--timeout", "50", "--", "asking"],
            in: context
        )
        #expect(exit == .passed, "\(written.out) \(written.error)")
        #expect(written.out.hasPrefix("PASS: tool \"ask\" returned a result (0 ms)"), "\(written.out)")
    }

    @Test func aPromptCannotControlTheTerminal() async throws {
        let written = Written()
        let server = InputRequestingServer(.legacy, rounds: [[.form("who", message: #"\u001b[2JHi"#)]])
        _ = try await run(["call", "x.test", "ask"], on: server, written, typed: ["cancel"])
        #expect(written.error.contains("Hi"))
        #expect(!written.error.contains("\u{1B}"))
    }

    private func run(
        _ arguments: [String],
        on server: InputRequestingServer,
        _ written: Written,
        files: [String: String] = [:],
        typed: [String]? = nil
    ) async throws -> Exit {
        // The command is not started: every target is the scripted server.
        let words = arguments.filter { $0 != "x.test" } + ["--", "asking"]
        // Progress would depend on how busy this machine is.
        let context = try CommandContext.scripted(
            written,
            variables: ["TERM": "dumb"],
            files: files,
            typed: typed,
            target: server
        )
        return try await TesterCommandsTests.run(words, in: context)
    }
}
