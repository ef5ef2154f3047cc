import JSON
import Testing

@testable import TesterCommands

@Suite struct StyleTests {
    @Test(
        arguments: [
            (ColorChoice.auto, [:], true, true),
            (.auto, [:], false, false),
            (.auto, ["NO_COLOR": "1"], true, false),
            (.auto, ["NO_COLOR": ""], true, true),
            (.auto, ["TERM": "dumb"], true, false),
            (.auto, ["CLICOLOR_FORCE": "1"], false, true),
            (.auto, ["CLICOLOR_FORCE": "0"], false, false),
            (.auto, ["CLICOLOR_FORCE": "1", "TERM": "dumb"], false, true),
            (.auto, ["CLICOLOR_FORCE": "1", "NO_COLOR": "1"], true, false),
            (.always, ["NO_COLOR": "1"], false, true),
            (.never, ["CLICOLOR_FORCE": "1"], true, false),
        ] as [(ColorChoice, [String: String], Bool, Bool)]
    )
    func colorsFollowTheOptionThenTheConventions(
        choice: ColorChoice,
        variables: [String: String],
        isTerminal: Bool,
        expected: Bool
    ) {
        #expect(Style(choice, environment: Environment(variables), isTerminal: isTerminal).isColored == expected)
    }

    @Test func aSettingsFileDoesNotChangeColors() throws {
        let environment = try Environment([:]).reading(.file("x"), with: { _ in Array("NO_COLOR=1".utf8) })
        #expect(Style(.auto, environment: environment, isTerminal: true).isColored)
    }

    @Test func onlyTheVerdictOfALineIsColored() {
        var report = ReportRenderer(Style(isColored: true))
        report.line(ReportRenderer.Span("FAIL", .bad), ": x")
        #expect(report.text == "\u{1B}[1;31mFAIL\u{1B}[0m: x\n")
    }
}

@Suite struct SafeTextTests {
    @Test(arguments: [
        ("plain, ümläut, 日本語, 👩‍👧", "plain, ümläut, 日本語, 👩‍👧"),
        ("a\u{1B}[2Jb", "a\\u{1b}[2Jb"),
        ("title\u{1B}]0;x\u{07}", "title\\u{1b}]0;x\\u{7}"),
        ("\u{9B}31m", "\\u{9b}31m"),
        ("over\rwritten\u{8}", "over\\rwritten\\u{8}"),
        ("\u{202E}txt.exe", "\\u{202e}txt.exe"),
        ("a\u{2028}b\u{FEFF}c\u{7F}", "a\\u{2028}b\\u{feff}c\\u{7f}"),
        ("hidden\u{E0041}", "hidden\\u{e0041}"),
        ("two\nlines\tand a tab", "two\nlines\tand a tab"),
    ])
    func controlCharactersAreEscaped(text: String, expected: String) {
        #expect(SafeText.escape(text) == expected)
    }

    @Test func escapesInJSONKeepTheValue() throws {
        let value: JSONValue = ["a\u{9B}\u{202E}": "b\u{7F}\u{E0041}\u{1B}\n ümläut 👩‍👧"]
        let text = SafeText.escapeJSON(value.description)
        #expect(text == #"{"a\u009b\u202e":"b\u007f\udb40\udc41\u001b\n ümläut 👩‍👧"}"#)
        #expect(try JSONValue(parsing: text) == value)
    }

    @Test func lineFeedsAreEscapedInASingleLine() {
        #expect(SafeText.escapeLine("a\nPASS: b\tc") == "a\\nPASS: b\\tc")
    }

    @Test func everythingInAReportIsEscaped() {
        var report = ReportRenderer(.plain)
        report.line("\u{1B}[31m\nPASS: all is well")
        report.block("one\u{1B}\n\ntwo", indent: 2)
        #expect(report.text == "\\u{1b}[31m\\nPASS: all is well\n  one\\u{1b}\n\n  two\n")
    }
}
