import JSON
import Tester
import Testing
import TextUtilities

@testable import TesterCommands

@Suite struct ReportRendererTests {
    private func text(_ report: Report) -> String {
        String(decoding: Output.render(report, as: .text(.plain)), as: UTF8.self)
    }

    @Test func listsShowSignaturesDescriptionsAndProblems() {
        var report = Report(.pass, "all listed")
        report.add(
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
        report.add("resources", [["uri": "a://b", "name": "B", "mimeType": "text/plain"]])
        report.add("resource_templates", [["uriTemplate": "a://{x}", "name": "X"]])
        report.add("prompts", [["name": "ask", "arguments": [["name": "q", "required": true], ["name": "tone"]]]])
        #expect(
            text(report) == """
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

    @Test func contentBlocksOfAllKindsAreShown() {
        var report = Report(.pass, "answered")
        report.add(
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
            text(report) == """
                PASS: answered (1 ms)

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

    @Test func textThatRepeatsTheStructuredContentIsNotShownTwice() {
        var report = Report(.pass, "answered")
        report.add("tool_call", ["arguments": [:], "result": #"{"a": 1.0}"#, "structured_content": ["a": 1]])
        #expect(text(report).contains("Result\n  [text: the structured content as JSON]\n"))
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
        var report = Report(failure, emptyPayload: ("tool_call", nil), context: " (here)")
        report.findings.append(.init(.stdoutPollution, "noise", evidence: ["text": "DEBUG"]))
        #expect(
            text(report) == """
                FAIL: The server died. (here)

                Sent
                  {"a":1}

                Evidence  crashed
                  elapsed       12.5 ms
                  command       python s.py
                  ended         exited with code 3
                  standard error (4 earlier lines omitted)
                    | Traceback
                    | boom\\u{1b}[0m
                  last messages
                    -> 1.5 ms {}

                Errors (1)
                  ! stdout_pollution noise
                      DEBUG
                    Rule: https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/stdio

                Next step: Repair it.

                """
        )
    }

    @Test func aResultWithFindingsEndsWithTheNextStep() {
        var report = Report(.pass, "answered")
        #expect(!text(report).contains("Next step"))
        report.findings.append(.init(.stdoutPollution, "noise"))
        #expect(
            text(report).hasSuffix(
                "\nNext step: Write logs and banners to standard error: stdout is for protocol messages only.\n"
            )
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
                  request       POST http://h/
                  status        200 (HTTP/1.1)
                  Content-Type  text/html
                  body          <html>
                                <p>

                Next step: Check the path.

                """
        )
    }

    @Test func anUnknownMemberIsShownAsJSON() {
        var report = Report(.pass, "x")
        report.add("something_new", ["a": 1])
        #expect(text(report) == "PASS: x\n\nsomething_new\n  {\n    \"a\": 1\n  }\n")
    }

    @Test func jsonOutputIsTheWholeObjectOnOneLine() {
        var report = Report(.pass, "x")
        report.add("a", 1)
        let json = String(decoding: Output.render(report, as: .json), as: UTF8.self)
        #expect(json == #"{"verdict":"PASS: x","success":true,"a":1}"# + "\n")
    }
}
