import JSON
import Terminal
import Tester
import Testing

@testable import TesterCommands

/// What reports look like at terminals of different widths, and how findings are grouped.
@Suite struct TerminalWidthTests {
    /// The report on a test of a server with faults of each severity.
    private static func report() -> Report {
        var failure = Failure(
            .schemaMismatch,
            .executionError,
            "weather 1.0 has 2 faults; the first: tool \"forecast\": Required member `inputSchema` is missing.",
            nextStep: "Fix what the findings name, and test again."
        )
        failure.outcome = .fail
        var report = Report(failure, context: " (connected in 12 ms, checked in 3 ms)")
        report.findings = [
            Finding(.schemaMismatch, "tool \"forecast\": Required member `inputSchema` is missing."),
            Finding(
                .stdoutPollution,
                "non-protocol text on stdout",
                evidence: ["text": "Starting the weather server, please wait…"]
            ),
            Finding(.toolError, "The tool \"alarm\" failed."),
            Finding(.usage, "The tool has no description: a model does not know what it does."),
        ]
        report.add(
            "summary",
            ["server_name": "weather", "protocol_version": "x", "total_tools": 2, "total_prompts": 1]
        )
        report.add(
            "tools",
            [
                [
                    "name": "forecast", "description": "天気予報を返します。都市名を日本語で指定してください。",
                    "input_schema": [
                        "properties": ["city": ["type": "string"], "days": ["type": "integer", "default": 3]],
                        "required": ["city"],
                    ],
                ]
            ]
        )
        report.add(
            "advice",
            [
                [
                    "failure_class": "tool_error", "message": "tools/call \"x\" refused example arguments.",
                    "rule": "https://r",
                ]
            ]
        )
        return report
    }

    private static func text(at width: Int?) -> String {
        let report = report()
        let summary = ReportSummary(report, elapsed: .milliseconds(420))
        let format = Output.Format.text(Style(isColored: false, width: width))
        return String(decoding: Output.render(report, as: format, summary: summary), as: UTF8.self)
    }

    @Test(arguments: [(40, at40), (80, at80), (120, at120)])
    func aReportFitsTheTerminal(width: Int, expected: String) {
        let text = Self.text(at: width)
        #expect(text == expected, "\(text)")
        for line in text.split(separator: "\n") where !line.contains("://") {
            #expect(TextWidth.columns(of: String(line)) <= width, "\(line)")
        }
    }

    @Test func withoutATerminalNoLineIsBroken() {
        let text = Self.text(at: nil)
        #expect(text.contains("\n  - usage The tool has no description: a model does not know what it does.\n"))
        #expect(text.contains("\n  ! schema_mismatch tool \"forecast\": Required member `inputSchema` is missing.\n"))
    }

    @Test func theMostSeriousFindingsComeFirstAndAdviceLast() throws {
        let text = Self.text(at: nil)
        let places = try ["\nErrors (2)\n", "\nWarnings (1)\n", "\nAdvice (2)\n", "\nNext step: "].map { heading in
            try #require(text.firstRange(of: heading), "\(heading)").lowerBound
        }
        #expect(places == places.sorted())
    }

    @Test(
        arguments: [
            ([], nil, "No findings; 0.4 s"),
            ([.protocolError], nil, "1 error; 0.4 s"),
            (
                [.protocolError, .schemaMismatch, .toolError, .usage], nil,
                "2 errors, 1 warning, 1 piece of advice; 0.4 s"
            ),
            ([], .crashed, "1 error; 0.4 s"),
            ([.usage], .timeout, "1 error, 1 piece of advice; 0.4 s"),
        ] as [([FailureClass], FailureClass?, String)]
    )
    func theLastLineCountsWhatWasFound(findings: [FailureClass], failure: FailureClass?, expected: String) {
        var report = Report(.pass, "x")
        if let failure { report = Report(Failure(failure, .executionError, "It failed.", nextStep: "")) }
        report.findings = findings.map { Finding($0, "\($0)") }
        #expect(ReportSummary(report, elapsed: .milliseconds(420)).text == expected)
    }

    @Test func theLastLineNamesWhatWasExamined() {
        var report = Report(.pass, "x")
        report.add("metadata", ["total_tools": 12, "total_resources": 1, "total_resource_templates": 0])
        #expect(ReportSummary(report, elapsed: .seconds(12.34)).text == "No findings in 12 tools, 1 resource; 12.3 s")
        #expect(ReportSummary(report, elapsed: .milliseconds(34)).text == "No findings in 12 tools, 1 resource; 0.03 s")
        #expect(ReportSummary(report, elapsed: nil).text == "No findings in 12 tools, 1 resource")
    }

    @Test func theLastLineAgreesWithTheCountsAboveIt() {
        var invalid = Report(Failure(.usage, .invalidArguments, "They do not match.", nextStep: ""))
        invalid.add("errors", [["message": "one"], ["message": "two"]])
        #expect(ReportSummary(invalid, elapsed: .seconds(1)).text == "2 errors; 1.0 s")
        var checked = Report(Failure(.protocolError, .executionError, "2 checks failed", nextStep: ""))
        checked.add("conformance", ["counts": ["fail": 5]])
        #expect(ReportSummary(checked, elapsed: .seconds(38)).text == "Checked in 38.0 s")
    }

    private static let at40 = """
        FAIL: weather 1.0 has 2 faults; the
          first: tool "forecast": Required
          member `inputSchema` is missing.
          (connected in 12 ms, checked in 3 ms)

        Server
          name          weather
          protocol      x
          capabilities  none

        Tools (1)
          forecast(
            city: string
            days?: integer = 3
          )
              天気予報を返します。都市名を日本語
              で指定してください。

        Errors (2)
          ! schema_mismatch tool "forecast":
            Required member `inputSchema` is
            missing.
            Rule: https://modelcontextprotocol.io/specification/2026-07-28/server/tools
          ! stdout_pollution non-protocol text
            on stdout
              Starting the weather server,
              please wait…
            Rule: https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/stdio

        Warnings (1)
          ~ tool_error The tool "alarm" failed.

        Advice (2)
          - usage The tool has no description: a
            model does not know what it does.
          - tool_error tools/call "x" refused
            example arguments.
            Rule: https://r

        Next step: Fix what the findings name,
          and test again.

        2 errors, 1 warning, 2 pieces of advice
          in 2 tools, 1 prompt; 0.4 s

        """
    private static let at80 = """
        FAIL: weather 1.0 has 2 faults; the first: tool "forecast": Required member
          `inputSchema` is missing. (connected in 12 ms, checked in 3 ms)

        Server
          name          weather
          protocol      x
          capabilities  none

        Tools (1)
          forecast(city: string, days?: integer = 3)
              天気予報を返します。都市名を日本語で指定してください。

        Errors (2)
          ! schema_mismatch tool "forecast": Required member `inputSchema` is missing.
            Rule: https://modelcontextprotocol.io/specification/2026-07-28/server/tools
          ! stdout_pollution non-protocol text on stdout
              Starting the weather server, please wait…
            Rule: https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/stdio

        Warnings (1)
          ~ tool_error The tool "alarm" failed.

        Advice (2)
          - usage The tool has no description: a model does not know what it does.
          - tool_error tools/call "x" refused example arguments.
            Rule: https://r

        Next step: Fix what the findings name, and test again.

        2 errors, 1 warning, 2 pieces of advice in 2 tools, 1 prompt; 0.4 s

        """
    private static let at120 = """
        FAIL: weather 1.0 has 2 faults; the first: tool "forecast": Required member `inputSchema` is missing. (connected in 12
          ms, checked in 3 ms)

        Server
          name          weather
          protocol      x
          capabilities  none

        Tools (1)
          forecast(city: string, days?: integer = 3)
              天気予報を返します。都市名を日本語で指定してください。

        Errors (2)
          ! schema_mismatch tool "forecast": Required member `inputSchema` is missing.
            Rule: https://modelcontextprotocol.io/specification/2026-07-28/server/tools
          ! stdout_pollution non-protocol text on stdout
              Starting the weather server, please wait…
            Rule: https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/stdio

        Warnings (1)
          ~ tool_error The tool "alarm" failed.

        Advice (2)
          - usage The tool has no description: a model does not know what it does.
          - tool_error tools/call "x" refused example arguments.
            Rule: https://r

        Next step: Fix what the findings name, and test again.

        2 errors, 1 warning, 2 pieces of advice in 2 tools, 1 prompt; 0.4 s

        """
}
