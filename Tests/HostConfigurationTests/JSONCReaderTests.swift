import HostConfiguration
import JSON
import Testing

@Suite struct JSONCReaderTests {
    @Test func commentsAndTrailingCommasAreAccepted() throws {
        let document = try read(
            """
            // one
            {
              /* two */ "a": [1, 2.5e3, -0, true, false, null,], // three
              "b": {"c": "\\u00e9\\ud83d\\ude00\\n/",},
            }
            // end
            """
        )
        #expect(document.root?.json == ["a": [1, 2.5e3, 0, true, false, nil], "b": ["c": "é😀\n/"]])
    }

    @Test(arguments: [
        "{}", "[]", #""""#, "0", "-1.5E-10", #"{"a":{"a":[[],{}]}}"#, #"["\"\\\/\b\f\n\r\t\u0041"]"#, "[1,2]", "true",
    ])
    func strictJSONIsReadAsTheStrictParserReadsIt(_ text: String) throws {
        #expect(try read(text).root?.json == JSONValue(parsing: text))
    }

    @Test(arguments: ["", " \r\n\t", "// only a comment", "/* a */", "\u{FEFF}"])
    func aFileWithoutAValueIsNotAFault(_ text: String) throws {
        #expect(try read(text).root == nil)
    }

    @Test func aByteOrderMarkIsNotPartOfTheFirstLine() throws {
        let document = try read("\u{FEFF}{\"a\": 1}")
        let member = try #require(document.root?.members?.first)
        #expect(document.text.place(at: member.keyRange.lowerBound).description == "1:2")
    }

    @Test(arguments: [
        ("{\n  \"a\": 1\n  \"b\": 2\n}", "2:9 expected `,` or `}` after the value of `a`"),
        ("{\"a\": }", "1:7 expected a value"),
        ("{a: 1}", "1:2 expected a key in double quotes, or `}`"),
        ("{\"a\" 1}", "1:5 expected `:` after the key `a`"),
        ("{'a': 1}", "1:2 expected a key in double quotes, or `}`"),
        ("{\"a\": 'b'}", "1:7 a string needs double quotes"),
        ("{\"a\": npx}", "1:7 expected a value; a string needs double quotes"),
        ("{\n\"a\": [1,\n", "3:1 the file ends, but the `[` of line 2 is not closed"),
        ("{\"é\": \"b\n", "1:7 the string is not closed on its line"),
        ("{\"a\": \"C:\\Users\"}", "1:10 invalid escape in a string; write `\\\\` for a backslash"),
        ("{} {}", "1:4 unexpected text after the end of the value"),
        ("{ /* ", "1:3 the comment is not closed"),
        ("{\"a\": +1}", "1:7 expected a value; a string needs double quotes"),
        ("{\"a\": 0x1}", "1:7 expected a value; a string needs double quotes"),
        ("{\"a\": \"\\u12\"}", "1:8 `\\u` needs four hexadecimal digits"),
    ])
    func aFaultHasItsLineAndColumn(_ text: String, _ expected: String) {
        #expect(fault(of: text) == expected)
    }

    @Test func deepNestingIsAFaultAndNotACrash() {
        #expect(fault(of: String(repeating: "[", count: 100_000)) == "1:257 nesting is deeper than 256 levels")
    }

    @Test func bytesThatAreNotUTF8AreAFault() {
        #expect(throws: ConfigurationError.self) { try ConfigurationText([0x7B, 0xFF, 0x7D]) }
        #expect(throws: ConfigurationError.self) { try ConfigurationText([0xFF, 0xFE, 0x7B, 0x00]) }
    }

    @Test func anExcerptShowsTheCaretAndHidesValues() throws {
        let text = ConfigurationText("{\n  \"Authorization\": \"Bearer sk-123456789\" \"X\": abcdefghijkl,\n}")
        let error = #expect(throws: ConfigurationError.self) { try ConfigurationDocument(text, format: .json) }
        let excerpt = text.excerpt(at: try #require(error).offset)
        #expect(
            excerpt == """
                  "Authorization": "•••••••••••••••••••" "X": ••••••••••••,
                                                        ^
                """
        )
    }

    @Test func anExcerptOfALongLineIsCut() {
        let text = ConfigurationText("{\"a\": [" + String(repeating: "1, ", count: 1000) + "x]}")
        let lines = text.excerpt(at: 3007).split(separator: "\n")
        #expect(lines.count == 2 && lines.allSatisfy { $0.count <= 100 } && lines[1].hasSuffix("^"))
    }
}
