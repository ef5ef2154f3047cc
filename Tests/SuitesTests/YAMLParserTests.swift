import JSON
import Testing

@testable import Suites

/// Reads YAML with the places of its values.
struct YAMLParserTests {
    private static func parse(_ text: String) throws(SuiteProblem) -> JSONValue {
        try YAMLParser.parse(SourceFile(path: "s.yaml", bytes: Array(text.utf8))).json
    }

    private static func problem(_ text: String) -> String {
        do throws(SuiteProblem) {
            return "no problem: \(try parse(text))"
        } catch {
            return "\(error)"
        }
    }

    static let documents: [(String, JSONValue)] = [
        ("a: 1", ["a": 1]),
        ("a: 1\nb: two words # comment\n", ["a": 1, "b": "two words"]),
        ("# first\n---\na: b\n...\n", ["a": "b"]),
        ("- 1\n- -2.5\n- 0x1F\n- 0o17\n- 012\n- .5\n- 1e3", [1, -2.5, 31, 15, 12, 0.5, 1000]),
        ("- true\n- False\n- ~\n-\n- null\n- yes\n- no\n- on", [true, false, nil, nil, nil, "yes", "no", "on"]),
        ("a:\n  b:\n    - c: 1\n      d: 2\n    - e\n", ["a": ["b": [["c": 1, "d": 2], "e"]]]),
        ("a:\n- 1\n- 2\nb: 3", ["a": [1, 2], "b": 3]),
        ("- - 1\n  - 2\n- [3, {a: 4, 'b': \"5\"}]", [[1, 2], [3, ["a": 4, "b": "5"]]]),
        ("a: 'it''s'\nb: \"tab\\t\\u00e9\\ud83d\\ude00\\x41\"", ["a": "it's", "b": "tab\té😀A"]),
        (
            "a: |\n  one\n   two\n\n  three\nb: >-\n  folded\n  text\n\n  new",
            ["a": "one\n two\n\nthree\n", "b": "folded text\nnew"]
        ),
        ("a: |+\n  x\n\nb: |-\n  y\n", ["a": "x\n\n", "b": "y"]),
        ("a: several\n  lines of\n\n  text\nb: 1", ["a": "several lines of\ntext", "b": 1]),
        ("a: \"two\n  lines\"", ["a": "two lines"]),
        ("{\"a\": [1, true, null, \"x\\/y\"],\n\t\"b\": {\"c\":2}}", ["a": [1, true, nil, "x/y"], "b": ["c": 2]]),
        ("url: http://x/y?a=b#c\ntime: 12:30", ["url": "http://x/y?a=b#c", "time": "12:30"]),
        (
            "base: &b\n  x: 1\n  y: 2\nuse: *b\nmerged:\n  <<: *b\n  y: 3",
            [
                "base": ["x": 1, "y": 2], "use": ["x": 1, "y": 2], "merged": ["y": 3, "x": 1],
            ]
        ),
        ("\"quoted key\": 1\n'/a/b': 2\n$.x: 3\n/c: 4", ["quoted key": 1, "/a/b": 2, "$.x": 3, "/c": 4]),
        ("a: ${X:-y}\nb: '#5'", ["a": "${X:-y}", "b": "#5"]),
        ("a: {}\nb: []\nc: ''", ["a": [:], "b": [], "c": ""]),
        ("a: 1\r\nb:\r\n  - x\r\n", ["a": 1, "b": ["x"]]),
    ]

    @Test(arguments: documents)
    func documentIsReadByTheCoreSchema(_ text: String, _ expected: JSONValue) throws {
        #expect(try Self.parse(text) == expected)
    }

    static let faults: [(String, String)] = [
        ("a:\n\tb: 1", "s.yaml:2:1: The line is indented with a tab"),
        ("a: 1\nb: 2\na: 3", "s.yaml:3:1: Duplicate key `a`, as on line 1."),
        ("{a: 1, a: 2}", "s.yaml:1:8: Duplicate key `a`"),
        ("a: *x", "s.yaml:1:4: Unknown anchor `x`."),
        ("a: &name 1\nb: *nmae", "s.yaml:2:4: Unknown anchor `nmae`. Did you mean `name`?"),
        ("a: &x\n  b: *x", "s.yaml:2:6: The alias `*x` is inside the value that it stands for."),
        ("a: !!str 1", "s.yaml:1:4: Tags such as `!!str` are not supported."),
        ("a: b: c", "s.yaml:1:5: A text with `: ` must be quoted."),
        ("a: text\n  b: c", "s.yaml:2:4: Unexpected `key:` inside the text that starts on line 1."),
        ("a: 1\n  b: 2", "Unexpected `key:`"),
        ("a:\n  b: 1\n   c: 2", "Unexpected `key:`"),
        ("a:\n  b: {}\n   c: 2", "s.yaml:3:4: Wrong indentation: expected column 3"),
        ("- [a]\n b", "s.yaml:2:2: Wrong indentation"),
        ("a: [1, 2", "s.yaml:1:4: The `[` is not closed by `]`."),
        ("a: 'x", "s.yaml:1:4: The quote is not closed."),
        ("a: \"\\q\"", "s.yaml:1:5: Unknown escape `\\q`."),
        ("a: @x", "s.yaml:1:4: A text that starts with `@` must be quoted."),
        ("? a\n: b", "s.yaml:1:1: Keys that start with `?` are not supported."),
        ("a: 1\n---\nb: 2", "s.yaml:2:1: A file holds one suite."),
        ("", "s.yaml:1:1: The file is empty."),
        ("a: 1\nnonsense", "s.yaml:2:1: Expected `key: value`."),
        ("a: - b", "s.yaml:1:4: A list starts on the line after its key."),
        ("a: \"x\" y", "s.yaml:1:8: Unexpected text after the value."),
    ]

    @Test(arguments: faults)
    func faultIsReportedAtItsPlace(_ text: String, _ expected: String) {
        #expect(Self.problem(text).contains(expected), "\(Self.problem(text))")
    }

    @Test func caretMarksTheFault() {
        let lines = Self.problem("a: &name 1\nb: *nmae").split(separator: "\n")
        #expect(lines.suffix(2) == ["    b: *nmae", "       ^^^^^"])
    }

    @Test func aliasesThatExpandToBillionsAreRefusedAtOnce() {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1...12 {
            let items = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
            text += "a\(level): &a\(level) [\(items)]\n"
        }
        #expect(Self.problem(text).contains("The file has more than 2000000 values, aliases included."))
    }

    @Test func deepNestingIsRefused() {
        let depth = 100_000
        #expect(Self.problem(String(repeating: "[", count: depth)).contains("nested more than 100 levels"))
        #expect(Self.problem(String(repeating: "- ", count: depth) + "x").contains("nested more than 100 levels"))
    }

    /// Any damage to a document is either read or reported, and never a crash.
    @Test func damagedDocumentsNeverCrash() {
        let text = Array("a: &x [1, 'b', \"c\\n\"]\nd:\n  - |\n    e\n  - *x\n  - {f: g}\n# h\n".utf8)
        for index in text.indices {
            for byte in [UInt8(ascii: ":"), UInt8(ascii: "["), UInt8(ascii: "\""), UInt8(ascii: " "), 0x0A, 0xFF, 0x09]
            {
                var damaged = text
                damaged[index] = byte
                _ = try? YAMLParser.parse(SourceFile(path: "s.yaml", bytes: damaged))
                _ = try? YAMLParser.parse(SourceFile(path: "s.yaml", bytes: Array(text[..<index]) + [byte]))
            }
        }
    }
}
