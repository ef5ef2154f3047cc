import JSON
import TestSupport
import Tester
import Testing

@testable import TesterCommands

/// A server that asks during a command: by answers that are ready, by a person at the terminal, or by nobody.
@Suite(.timeLimit(.minutes(2)))
struct AskingTests {
    static let eras: [CannedServer.Era] = [.legacy, .modern]

    private static let form = InputRequestingServer.Question.form(
        "who",
        #"{"name":{"type":"string"},"age":{"type":"integer","default":30},"color":{"type":"string","enum":["red","blue"]}}"#
    )

    @Test(arguments: eras)
    func whereNobodyCanAnswerItIsFiveWithTheQuestion(_ era: CannedServer.Era) async throws {
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

    @Test func theQuestionIsShownToPeople() async throws {
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
    }

    @Test(arguments: eras)
    func answersAndValuesAreReady(_ era: CannedServer.Era) async throws {
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
        let told = try #require(try JSONValue(parsing: written.out)["tool_call"]?["result"]?.string)
        let object = try JSONValue(parsing: told)
        #expect(object["who"]?["content"] == ["name": "Ada", "age": 30, "color": "blue"])
        #expect(object["model"]?["content"]?["text"] == "42")
        #expect(object["roots"]?["roots"]?[0]?["uri"] == "file:///work")
    }

    @Test func answersComeFromAFile() async throws {
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

    @Test func aPolicyAnswersWithoutAsking() async throws {
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
    func whatMakesNoSenseIsWrongUse(_ options: [String]) async throws {
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
    func aPersonFillsTheFormIn(_ era: CannedServer.Era) async throws {
        let written = Written()
        let server = InputRequestingServer(era, rounds: [[Self.form], [.page("page")]])
        let exit = try await run(
            ["call", "x.test", "ask"],
            on: server,
            written,
            // An age that is none is asked for again; nothing typed takes the default; a choice goes by its number.
            typed: ["yes", "Ada", "old", "", "2", "d"]
        )
        #expect(exit == .passed)
        #expect(written.error.contains("The server asks: Who are you?"))
        #expect(written.error.contains("age [30]: "))
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

    @Test func whatTheServerWritesCannotSteerTheTerminal() async throws {
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
        // A command as the target, which nobody starts here.
        let words = arguments.filter { $0 != "x.test" } + ["--", "asking"]
        let context = try CommandContext.scripted(written, files: files, typed: typed, target: server)
        return try await TesterCommandsTests.run(words, in: context)
    }
}
