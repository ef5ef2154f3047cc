import Terminal
import Testing

@testable import TesterCommands

@Suite struct LineWrapperTests {
    private func wrapped(_ text: String, at width: Int, indent: Int = 0, hanging: Int = 2) -> [String] {
        var renderer = ReportRenderer(Style(isColored: false, width: width))
        renderer.line("\(text)", indent: indent, hanging: hanging)
        return renderer.text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
    }

    @Test func aLineThatFitsStaysAsItIs() {
        #expect(wrapped("a  b   c ", at: 9) == ["a  b   c"])
        #expect(wrapped("12345", at: 5) == ["12345"])
    }

    @Test func aLongLineIsBrokenAtSpacesAndTheRestIsIndented() {
        #expect(
            wrapped("one two three four five six seven", at: 24, indent: 2)
                == ["  one two three four", "    five six seven"]
        )
    }

    @Test func aWordLongerThanALineIsBrokenBetweenCharacters() {
        let lines = wrapped("x " + String(repeating: "a", count: 50), at: 24)
        #expect(
            lines == ["x " + String(repeating: "a", count: 22), "  " + String(repeating: "a", count: 22), "  aaaaaa"]
        )
    }

    @Test func aURLIsNeverBroken() {
        let url = "https://example.com/" + String(repeating: "p", count: 40)
        #expect(wrapped("Rule: \(url)", at: 24) == ["Rule: \(url)"])
        let short = "see https://example.com/a now"
        #expect(wrapped(short, at: 24) == ["see", "  https://example.com/a", "  now"])
    }

    @Test func wideCharactersCountTwiceAndStayWhole() {
        let lines = wrapped(String(repeating: "語", count: 25), at: 21, hanging: 0)
        #expect(lines.map(\.count) == [10, 10, 5])
        #expect(lines.allSatisfy { TextWidth.columns(of: $0) <= 21 })
        #expect(wrapped("ab👩‍👧👩‍👧 語", at: 40) == ["ab👩‍👧👩‍👧 語"])
    }

    @Test(arguments: [20, 21, 33, 60])
    func noLineIsWiderThanTheTerminal(width: Int) {
        let text = "Grüße 日本語のテキスト with e\u{301}accents, 👍🏽 and (parentheses); \(String(repeating: "x", count: 70)) end"
        for indent in [0, 4, 18, 40] {
            let lines = wrapped(text, at: width, indent: indent)
            #expect(lines.allSatisfy { TextWidth.columns(of: $0) <= width }, "\(lines)")
            // Nothing is lost but spaces.
            #expect(lines.joined().filter { $0 != " " } == text.filter { $0 != " " })
        }
    }

    @Test func aBlockKeepsTheIndentationOfItsLines() {
        var renderer = ReportRenderer(Style(isColored: false, width: 26))
        renderer.block("top\n    nested text that goes further\n", indent: 2)
        #expect(renderer.text == "  top\n      nested text that\n      goes further\n\n")
    }

    @Test func tabsReachTheNextStop() {
        #expect(wrapped("a\\tb", at: 24) == ["a\\tb"])
        var renderer = ReportRenderer(Style(isColored: false, width: 20))
        renderer.block("a\tb\tc", indent: 0)
        #expect(renderer.text == "a\tb\tc\n")
        renderer = ReportRenderer(Style(isColored: false, width: 20))
        renderer.block("a\tb\tcdefg", indent: 0)
        #expect(renderer.text == "a\tb\ncdefg\n")
    }

    @Test func colorsAreClosedAtTheEndOfEachLine() {
        var renderer = ReportRenderer(Style(isColored: true, width: 22))
        renderer.line(ReportRenderer.Span("one two three four five", .bad), " six")
        #expect(
            renderer.text == "\u{1B}[1;31mone two three four\u{1B}[0m\n  \u{1B}[1;31mfive\u{1B}[0m six\n"
        )
    }
}
