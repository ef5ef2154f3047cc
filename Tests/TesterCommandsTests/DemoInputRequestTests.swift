import JSON
import TestSupport
import Tester
import Testing

@testable import TesterCommands

/// Input requests of the demo server, answered on the command line in both eras.
@Suite(.timeLimit(.minutes(15)))
struct DemoInputRequestTests {
    static let eras = ["legacy", "modern"]

    private func call(_ era: String, _ words: [String]) async throws -> (exit: Exit, object: JSONValue) {
        let written = Written()
        let exit = try await run(["call", "demo"] + words + ["--protocol", era, "--json"], in: .scripted(written))
        return (exit, try JSONValue(parsing: written.out))
    }

    @Test(arguments: eras)
    func aPolicyAcceptsTheDefaultsOfAForm(_ era: String) async throws {
        let (exit, object) = try await call(
            era,
            ["test_elicitation_sep1034_defaults", "--policy", "elicitation=accept_defaults"]
        )
        #expect(exit == .passed, "\(object)")
        let text = object["tool_call"]?["result"]?.string ?? ""
        for value in ["John Doe", "30", "95.5", "active", "true"] { #expect(text.contains(value), "\(text)") }
    }

    @Test(arguments: eras)
    func answersFillInEnumsOfEachKind(_ era: String) async throws {
        let (exit, object) = try await call(
            era,
            [
                "test_elicitation_sep1330_enums", "--answer", "untitledSingle=option2", "--answer",
                "legacyEnum=Third value",
                "--answer", "untitledMulti=option1,option3",
            ]
        )
        #expect(exit == .passed, "\(object)")
        let text = object["tool_call"]?["result"]?.string ?? ""
        for value in ["option2", "value3", "option1", "option3"] { #expect(text.contains(value), "\(text)") }
    }

    @Test(arguments: eras)
    func aURLRequestIsAccepted(_ era: String) async throws {
        let (exit, object) = try await call(era, ["test_elicitation_url", "--answer", #"{"action":"accept"}"#])
        #expect(exit == .passed, "\(object)")
        #expect(object["tool_call"]?["result"]?.string?.contains("accept") == true, "\(object)")
    }

    @Test(arguments: eras)
    func anAnswerReplacesTheModel(_ era: String) async throws {
        let (exit, object) = try await call(era, ["test_sampling", "prompt=hi", "--answer", #"{"text":"forty-two"}"#])
        #expect(exit == .passed, "\(object)")
        #expect(object["tool_call"]?["result"] == "LLM response: forty-two")
    }

    @Test(arguments: eras)
    func theConfiguredModelAnswersUnderThePolicyLLM(_ era: String) async throws {
        let model = try ScriptedHTTPServer { connection in
            while try await connection.readRequest() != nil {
                let choice = #"{"message":{"role":"assistant","content":"Paris"},"finish_reason":"stop"}"#
                try await connection.answer(200, body: #"{"model":"m-1","choices":[\#(choice)]}"#)
            }
        }
        defer { model.stop() }
        let variables = ["LLM_URL": model.url("/v1"), "LLM_MODEL_NAME": "m", "LLM_API_KEY": "sk-very-secret"]
        let written = Written()
        let exit = try await run(
            ["call", "demo", "test_sampling", "prompt=France?", "--policy", "sampling=llm", "--protocol", era, "-v"],
            in: .scripted(written, variables: variables)
        )
        #expect(exit == .passed, "\(written.out) \(written.error)")
        #expect(written.out.contains("LLM response: Paris"), "\(written.out)")
        #expect(model.requests.first?["authorization"] == "Bearer sk-very-secret")
        #expect(model.requests.first?.text.contains("France?") == true)
        #expect(!written.out.contains("sk-very-secret") && !written.error.contains("sk-very-secret"))
    }

    @Test(arguments: eras)
    func severalRequestsAtOnceAreAnsweredAndASecondRoundNeedsInput(_ era: String) async throws {
        let (exit, object) = try await call(
            era,
            [
                "test_input_required_result_multiple_inputs", "--answer", "name=Ada", "--answer", #"{"text":"Hello"}"#,
                "--root", "file:///work",
            ]
        )
        #expect(exit == .passed, "\(object)")
        let (next, report) = try await call(era, ["test_input_required_result_multi_round"])
        #expect(next == .needsInput, "\(report)")
        #expect(report["questions"]?.array?.count == 1)
    }

    @Test func aTaskIsAwaitedOrShown() async throws {
        let (exit, object) = try await call("modern", ["slow_compute", "seconds=0.01", "--task", "wait"])
        #expect(exit == .passed, "\(object)")
        #expect(object["task"]?["status"] == "completed")
        let (_, handle) = try await call("modern", ["slow_compute", "seconds=100", "--task", "handle"])
        #expect(handle["task"]?["status"] == "working", "\(handle)")
    }
}
