import JSON
import Tester
import Testing
import TextUtilities

@testable import TesterCommands

@Suite struct ReportTests {
    private func text(_ answer: Report) -> String {
        String(decoding: Output.render(answer, as: .text(.plain)), as: UTF8.self)
    }

    @Test func listsShowSignaturesAndDescriptionsAndProblems() {
        var answer = Report(.pass, "all listed")
        answer.add(
            "tools",
            [
                [
                    "name": "echo", "description": "Gives it back.\nAs it came.",
                    "input_schema": [
                        "properties": ["message": ["type": "string"], "times": ["type": "integer", "default": 1]],
                        "required": ["message"],
                    ],
                ],
                ["name": nil, "problems": ["name: is missing"]],
            ]
        )
        answer.add("resources", [["uri": "a://b", "name": "B", "mimeType": "text/plain"]])
        answer.add("resource_templates", [["uriTemplate": "a://{x}", "name": "X"]])
        answer.add("prompts", [["name": "ask", "arguments": [["name": "q", "required": true], ["name": "tone"]]]])
        #expect(
            text(answer) == """
                PASS: all listed

                Tools (2)
                  echo(message: string, times?: integer = 1)
                      Gives it back.
                      As it came.
                  (no name)()
                      ! name: is missing

                Resources (1)
                  a://b  B  text/plain

                Resource templates (1)
                  a://{x}  X

                Prompts (1)
                  ask(q, tone?)

                """
        )
    }

    @Test func blocksOfAllKindsAreShown() {
        var answer = Report(.pass, "answered")
        answer.add(
            "tool_call",
            [
                "tool_name": "t", "arguments": [:], "result": "one",
                "content": [
                    ["type": "text", "text": "one\ntwo"],
                    ["type": "image", "data": "AAAA", "mimeType": "image/png"],
                    ["type": "resource_link", "uri": "a://b", "name": "B"],
                    ["type": "resource", "resource": ["uri": "c://d", "mimeType": "text/plain", "text": "inner"]],
                    ["type": "new", "x": 1],
                ],
                "structured_content": ["sum": 3], "execution": ["duration_ms": 1], "resultType": "complete",
                "meta": ["k": 1, "io.modelcontextprotocol/serverInfo": [:]],
            ]
        )
        #expect(
            text(answer) == """
                PASS: answered

                Sent
                  {}

                Result  5 blocks
                  one
                  two
                  [image image/png, 4 bytes of Base64]
                  [link a://b B]
                  [resource c://d, text/plain]
                    inner
                  {
                    "type": "new",
                    "x": 1
                  }

                Structured content
                  {
                    "sum": 3
                  }

                _meta
                  {
                    "k": 1
                  }

                """
        )
    }

    @Test func textThatOnlyRepeatsTheStructuredContentIsNotShownTwice() {
        var answer = Report(.pass, "answered")
        answer.add("tool_call", ["arguments": [:], "result": #"{"a": 1.0}"#, "structured_content": ["a": 1]])
        #expect(text(answer).contains("Result\n  [text: the structured content as JSON]\n"))
    }

    @Test func aFailureShowsEvidenceFindingsAndTheNextStep() {
        let failure = Failure(
            .crashed,
            .transportError,
            "The server died.",
            nextStep: "Repair it.",
            details: ["tool_name": "t", "arguments": ["a": 1]],
            evidence: [
                "elapsed_ms": 12.5,
                "server": [
                    "command": "python", "args": ["s.py"], "exit": "exited with code 3",
                    "stderr_tail": ["Traceback", "boom\u{1B}[0m"], "stderr_lines_omitted": 4,
                ],
                "last_frames": [["direction": "sent", "at_ms": 1.5, "text": "{}"]],
            ]
        )
        var answer = Report(failure, emptyPayload: ("tool_call", nil), context: " (here)")
        answer.findings.append(.init(.stdoutPollution, "noise", evidence: ["text": "DEBUG"]))
        #expect(
            text(answer) == """
                FAIL: The server died. (here)

                Sent
                  {"a":1}

                Evidence  crashed
                  after         12.5 ms
                  command       python s.py
                  end           exited with code 3
                  standard error, 4 lines before these
                    | Traceback
                    | boom\\u{1b}[0m
                  last messages
                    -> 1.5 ms {}

                Findings (1)
                  ! stdout_pollution noise
                      DEBUG

                Next step: Repair it.

                """
        )
    }

    @Test func aFailureOverHTTPShowsItsExchange() {
        let failure = Failure(
            .transport,
            .connectionFailed,
            "A page came.",
            nextStep: "Check the path.",
            evidence: [
                "exchange": [
                    "method": "POST", "url": "http://h/", "status": 200, "http_version": "1.1",
                    "response_headers": ["Content-Type": "text/html", "X-Other": "not shown"], "body": "<html>\n<p>",
                ]
            ]
        )
        #expect(
            text(Report(failure)) == """
                ERROR: A page came.

                Evidence  transport
                  asked         POST http://h/
                  status        200 (HTTP/1.1)
                  Content-Type  text/html
                  body          <html>
                                <p>

                Next step: Check the path.

                """
        )
    }

    @Test func whatTheRendererDoesNotKnowIsShownAsJSON() {
        var answer = Report(.pass, "x")
        answer.add("something_new", ["a": 1])
        #expect(text(answer) == "PASS: x\n\nsomething_new\n  {\n    \"a\": 1\n  }\n")
    }

    @Test func jsonIsTheWholeObjectOnOneLine() {
        var answer = Report(.pass, "x")
        answer.add("a", 1)
        let json = String(decoding: Output.render(answer, as: .json), as: UTF8.self)
        #expect(json == #"{"verdict":"PASS: x","success":true,"a":1}"# + "\n")
    }
}
