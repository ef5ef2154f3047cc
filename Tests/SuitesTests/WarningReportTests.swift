import JSON
import Testing

@testable import Suites

/// What only checks of conformance have: warnings, rules, and places without a line.
struct WarningReportTests {
    private static let result: CaseResult = {
        let place = SourcePlace(file: "server.py")
        var result = CaseResult(
            id: "parse-error 2025-11-25",
            name: "parse-error [2025-11-25]",
            cell: "2025-11-25",
            place: place,
            server: "server.py",
            index: 0
        )
        result.outcome = .warning
        result.rule = CaseRule("A message that is not JSON gets an error", page: "https://example.com/rule")
        var step = StepResult(title: "A message that is not JSON gets an error", phase: .steps, place: place)
        step.failures = [StepFailure("parse-error", "no response", details: ["sent: {"], at: place)]
        result.steps = [step]
        return result
    }()

    private static func text(_ format: ReportFormat) -> String {
        var summary = RunSummary()
        summary.add(result)
        var report = format.report(version: "1.0")
        return [.runStarted(cases: 1, files: 1), .caseFinished(result), .runFinished(summary)].map {
            report.text(for: $0)
        }.joined()
    }

    @Test func aWarningIsShownAsOneInTheTextAndDoesNotFailTheRun() {
        #expect(
            Self.text(.pretty) == """
                WARN server.py: parse-error [2025-11-25] (0 ms)
                  server.py A message that is not JSON gets an error
                    parse-error: no response
                      sent: {
                PASS: 1 warning in 0 ms

                """
        )
    }

    @Test func formatsOfOtherProgramsHaveTheWarningAndNoLine() throws {
        #expect(
            Self.text(.github).hasPrefix(
                "::warning file=server.py,title=parse-error [2025-11-25]::server.py: A message"
            )
        )
        let junit = Self.text(.junit)
        #expect(junit.contains(#"<property name="warning" value="parse-error: no response"/>"#), "\(junit)")
        #expect(junit.contains("<system-out>server.py: A message") && !junit.contains("line="), "\(junit)")
        #expect(junit.contains(#"failures="0" errors="0""#))
        let tap = Self.text(.tap)
        #expect(tap.contains("ok 1 - server.py: parse-error") && tap.contains(#"severity: "warning""#), "\(tap)")
        #expect(tap.contains(#"at: {"file":"server.py"}"#), "\(tap)")
        #expect(Self.text(.markdown).contains("| warning | parse-error \\[2025-11-25\\] | server.py | "))
        let html = Self.text(.html)
        #expect(html.contains(#"value="warning" checked"#) && html.contains(#"data-outcome="warning""#))
    }

    @Test func sarifHasTheLevelAndTheRule() throws {
        let run = try JSONValue(parsing: Self.text(.sarif))["runs"]?[0] ?? nil
        let result = run["results"]?[0] ?? nil
        #expect(result["level"] == "warning" && result["ruleId"] == "parse-error", "\(run)")
        #expect(result["locations"]?[0]?["physicalLocation"] == ["artifactLocation": ["uri": "server.py"]])
        let rule = run["tool"]?["driver"]?["rules"]?[0] ?? nil
        #expect(rule["shortDescription"]?["text"] == "A message that is not JSON gets an error")
        #expect(rule["helpUri"] == "https://example.com/rule")
    }

    @Test func aMergedRunKeepsTheWarningAndItsRule() throws {
        var merged = MergedRun()
        #expect(try merged.add(Array(Self.text(.json).utf8), path: "run.jsonl"))
        merged.replay { _ in }
        #expect(merged.results.first?.outcome == .warning)
        #expect(merged.results.first?.rule == Self.result.rule)
        #expect(merged.summary.warnings == 1)
    }
}
