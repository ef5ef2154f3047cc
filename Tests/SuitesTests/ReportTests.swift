import Foundation
import JSON
import Testing

@testable import Suites

#if canImport(FoundationXML)
import FoundationXML
#endif

/// Reports: the same run in each form.
struct ReportTests {
    private static let place = SourcePlace(file: "dir/a b.suite.yaml", line: 12, column: 9)

    private static func result(_ index: Int, _ name: String, _ outcome: CaseOutcome) -> CaseResult {
        let server = ServerDefinition(name: "default", place: place, way: .target("demo"))
        var result = CaseResult(
            SuiteCase(
                name: name,
                file: place.file,
                place: SourcePlace(file: place.file, line: 10, column: 5),
                server: server
            ),
            index: index
        )
        result.outcome = outcome
        result.elapsed = .milliseconds(12)
        return result
    }

    static let results: [CaseResult] = {
        var failed = result(1, "adds <1> & \"2\"", .failed)
        var step = StepResult(title: "call add", phase: .steps, place: place)
        step.elapsed = .milliseconds(5)
        step.failures = [
            StepFailure(
                "json /sum",
                "expected 4, got 5\u{1B}[2J",
                details: ["differs: 100%", "::error::"],
                // Within the expectation, while reports show the line of the step.
                at: SourcePlace(file: place.file, line: 14, column: 11)
            )
        ]
        step.stderr = ["Traceback: ]]>"]
        step.result = #"{"sum":5}"#
        failed.steps = [step]
        failed.command = "mcp-test-mcp run 'dir/a b.suite.yaml' --filter adds"
        var flaky = result(2, "is flaky", .passed)
        flaky.isFlaky = true
        flaky.attempts = 2
        var skipped = result(3, "is skipped", .skipped)
        skipped.reason = "no # network"
        var error = result(4, "cannot start", .error)
        error.reason = "The server exited."
        var expected = result(5, "fails as it should", .passed)
        expected.failedAsExpected = "bug 7"
        return [result(0, "passes", .passed), failed, flaky, skipped, error, expected]
    }()

    static var summary: RunSummary {
        var summary = RunSummary()
        for result in results { summary.add(result) }
        summary.elapsed = .milliseconds(1234)
        return summary
    }

    static func text(_ format: ReportFormat, isColored: Bool = false, isVerbose: Bool = true) -> String {
        var report = format.report(version: "1.0", isColored: isColored, isVerbose: isVerbose)
        var text = report.text(for: .runStarted(cases: results.count, files: 1))
        for result in results {
            text += report.text(for: .caseStarted(id: result.id))
            text += report.text(for: .caseFinished(result))
        }
        return text + report.text(for: .runFinished(summary))
    }

    @Test func textForPeopleHasExpectedActualPlaceAndCommand() {
        let text = Self.text(.pretty)
        #expect(
            text == """
                PASS dir/a b.suite.yaml: passes (12 ms)
                FAIL dir/a b.suite.yaml: adds <1> & "2" (12 ms)
                  dir/a b.suite.yaml:12:9 call add
                    json /sum: expected 4, got 5\u{1B}[2J
                      differs: 100%
                      ::error::
                    result: {"sum":5}
                    standard error:
                      Traceback: ]]>
                  Repeat: mcp-test-mcp run 'dir/a b.suite.yaml' --filter adds
                FLAKY dir/a b.suite.yaml: is flaky (12 ms): passed in attempt 2
                SKIP dir/a b.suite.yaml: is skipped: no # network
                ERROR dir/a b.suite.yaml: cannot start (12 ms)
                  The server exited.
                PASS dir/a b.suite.yaml: fails as it should (12 ms): failed as expected (bug 7)
                FAIL: 2 passed, 1 flaky, 1 failed, 1 could not be judged, 1 skipped in 1.2 s

                """
        )
    }

    @Test func casesThatFailInEveryCellDoNotDiffer() {
        var report = ReportFormat.pretty.report(version: "1.0")
        var text = ""
        for (index, (name, outcome, message)) in [
            ("alike", CaseOutcome.failed, "at 1"), ("alike", .failed, "at 2"), ("other", .failed, "at 3"),
            ("other", .passed, ""),
        ].enumerated() {
            let cell = index.isMultiple(of: 2) ? "legacy" : "modern"
            var result = Self.result(index, "\(name) [\(cell)]", outcome)
            result.cell = cell
            result.reason = message
            text += report.text(for: .caseFinished(result))
        }
        text += report.text(for: .runFinished(RunSummary()))
        let difference = text.split(separator: "Combinations that differ:\n").last ?? ""
        #expect(
            difference.hasPrefix("  dir/a b.suite.yaml: other: failed in [legacy]; passed in [modern]\n"),
            "\(text)"
        )
        #expect(text.contains("at 1") && text.contains("at 2"))
    }

    @Test func standardErrorForPeopleHasTheExceptionAndFewLines() {
        var step = StepResult(title: "call add", phase: .steps, place: Self.place)
        let frames = (1...60).map { "  File \"/home/me/server.py\", line \($0), in add" }
        step.stderr = (1...30).map { "log \($0)   " } + ["Traceback (most recent call last):"] + frames
        step.stderr += ["ValueError: no", "closed"]
        #expect(step.otherStderr == (20...30).map { "log \($0)" } + ["closed"])
        #expect(
            step.shownStderr.prefix(2) == [
                "exception: ValueError: no at server.py:60", "standard error, the last 12 lines:",
            ]
        )
        step.stderr = []
        #expect(step.shownStderr.isEmpty)
    }

    @Test func quietTextOmitsWhatPassed() {
        #expect(!Self.text(.pretty, isVerbose: false).contains(": passes"))
        #expect(Self.text(.pretty, isVerbose: false).contains("is flaky"))
    }

    @Test func textOfServersIsEscapedBeforeColorsAreAdded() {
        var report = PrettyReport(isColored: true, isVerbose: true) { $0.replacing("\u{1B}", with: "ESC") }
        let text = report.text(for: .caseFinished(Self.results[1]))
        #expect(text.contains("got 5ESC[2J"))
        #expect(text.contains("\u{1B}[1;31mFAIL\u{1B}[0m"))
    }

    @Test func jsonLinesHaveEverythingOfEachCase() throws {
        let lines = try Self.text(.json).split(separator: "\n").map { try JSONValue(parsing: String($0)) }
        #expect(lines.count == Self.results.count + 2)
        #expect(lines.first?["event"] == "run_started")
        #expect(lines[2]["outcome"] == "failed")
        #expect(lines[2]["steps"]?[0]?["failures"]?[0]?["check"] == "json /sum")
        #expect(lines[2]["steps"]?[0]?["failures"]?[0]?["line"] == 14)
        #expect(lines[2]["steps"]?[0]?["stderr"]?[0] == "Traceback: ]]>")
        #expect(lines.last?["failed"] == 1)
        #expect(lines.last?["elapsed_ms"] == 1234)
    }

    @Test func junitIsWellFormedAndCountsAgree() throws {
        final class Reader: NSObject, XMLParserDelegate {
            var elements: [(name: String, attributes: [String: String])] = []
            var text = ""
            func parser(
                _ parser: XMLParser,
                didStartElement name: String,
                namespaceURI: String?,
                qualifiedName: String?,
                attributes: [String: String]
            ) {
                elements.append((name, attributes))
            }
            func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }
        }
        let reader = Reader()
        let parser = XMLParser(data: Data(Self.text(.junit).utf8))
        parser.delegate = reader
        #expect(parser.parse(), "\(parser.parserError as Any)")
        let suite = try #require(reader.elements.first { $0.name == "testsuite" })
        #expect(suite.attributes["tests"] == "6")
        #expect(suite.attributes["failures"] == "1")
        #expect(suite.attributes["errors"] == "1")
        #expect(suite.attributes["skipped"] == "1")
        #expect(reader.elements.filter { $0.name == "testcase" }.count == 6)
        let failed = try #require(reader.elements.first { $0.attributes["name"] == "adds <1> & \"2\"" })
        #expect(failed.attributes["line"] == "12")
        #expect(reader.text.contains("Traceback: ]]>"))
    }

    @Test func tapHasAPlanAndOnePointPerCase() throws {
        let lines = Self.text(.tap).split(separator: "\n").map(String.init)
        #expect(lines.prefix(2) == ["TAP version 14", "1..6"])
        let points = lines.filter { $0.hasPrefix("ok ") || $0.hasPrefix("not ok ") }
        #expect(points.count == 6)
        #expect(points[1] == #"not ok 2 - dir/a b.suite.yaml: adds <1> & "2""#)
        #expect(points[3] == ##"ok 4 - dir/a b.suite.yaml: is skipped # SKIP no \# network"##)
        #expect(lines.contains("  ---"))
        // The block is YAML.
        let start = try #require(lines.firstIndex(of: "  ---"))
        let end = try #require(lines[start...].firstIndex(of: "  ..."))
        let block = lines[(start + 1)..<end].map { $0.dropFirst(2) }.joined(separator: "\n")
        let value = try YAMLParser.parse(SourceFile(path: "t", bytes: Array(block.utf8))).json
        #expect(value["at"]?["line"] == 12)
    }

    @Test func annotationsOfGitHubCannotBeForgedByAServer() {
        let lines = Self.text(.github).split(separator: "\n")
        #expect(lines.count == 3)
        #expect(lines[0].hasPrefix("::error file=dir/a b.suite.yaml,line=12,col=9,title=adds <1> & \"2\"::"))
        #expect(lines[0].contains("differs: 100%25%0A    ::error::"))
        #expect(lines[2].hasPrefix("::error file=dir/a b.suite.yaml,line=10"))
    }

    @Test func markdownEscapesCells() {
        let text = Self.text(.markdown)
        #expect(text.hasPrefix("## FAIL: 2 passed"))
        #expect(text.contains("dir/a b.suite.yaml:12 |"))
        #expect(text.contains(#"| failed | adds &lt;1&gt; &amp; "2" |"#))
        #expect(text.contains("| flaky | is flaky |"))
        #expect(!text.contains("| passed |"))
    }

    @Test func sarifHasAResultPerFailure() throws {
        let value = try JSONValue(parsing: Self.text(.sarif))
        let run = value["runs"]?[0]
        #expect(value["version"] == "2.1.0")
        #expect(run?["results"]?.array?.count == 2)
        let location = run?["results"]?[0]?["locations"]?[0]?["physicalLocation"]
        #expect(location?["artifactLocation"]?["uri"] == "dir/a%20b.suite.yaml")
        #expect(location?["region"]?["startLine"] == 12)
        #expect(run?["results"]?[0]?["ruleId"] == "json")
        #expect(run?["tool"]?["driver"]?["rules"]?.array?.count == 2)
    }

    @Test func htmlHasNoTextOfAServerOutsideOfText() {
        let text = Self.text(.html)
        #expect(text.contains("adds &lt;1&gt; &amp; &quot;2&quot;"))
        #expect(text.contains("Content-Security-Policy"))
        #expect(!text.contains("adds <1>"))
        #expect(!text.contains("http:") && !text.contains("https:"))
    }
}
