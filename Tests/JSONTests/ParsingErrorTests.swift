import JSON
import Testing

/// Limits, and the position in errors.
struct ParsingErrorTests {
    private func error(_ text: String) throws -> JSONError {
        try #require(throws: JSONError.self) { try JSONValue(parsing: text) }
    }

    @Test(
        arguments: [
            ("", JSONError.Kind.unexpectedEnd, 0, 1, 1),
            ("  ", .unexpectedEnd, 2, 1, 3),
            ("[1,\n 2,\n x]", .unexpected(byte: UInt8(ascii: "x"), expected: "a value"), 9, 3, 2),
            ("{\"a\" 1}", .unexpected(byte: UInt8(ascii: "1"), expected: "':' after a member name"), 5, 1, 6),
            (
                "{\"a\":1 \"b\":2}", .unexpected(byte: UInt8(ascii: "\""), expected: "',' or '}' after a member"), 7, 1,
                8
            ),
            ("{a:1}", .unexpected(byte: UInt8(ascii: "a"), expected: "a member name in quotes"), 1, 1, 2),
            ("[1 2]", .unexpected(byte: UInt8(ascii: "2"), expected: "',' or ']' after an element"), 3, 1, 4),
            ("[1,]", .unexpected(byte: UInt8(ascii: "]"), expected: "a value"), 3, 1, 4),
            ("{\"a\":1,}", .unexpected(byte: UInt8(ascii: "}"), expected: "a member name in quotes"), 7, 1, 8),
            ("1 2", .trailingText, 2, 1, 3),
            ("\"a\u{1}\"", .controlCharacter(1), 2, 1, 3),
            ("\"\\x\"", .invalidEscape, 1, 1, 2),
            ("\"é\\ud800\"", .loneSurrogate, 3, 1, 4),
            ("[01]", .invalidNumber, 1, 1, 2),
            ("[1.]", .invalidNumber, 1, 1, 2),
            ("[-]", .invalidNumber, 1, 1, 2),
            ("[1e+]", .invalidNumber, 1, 1, 2),
            ("\"abc", .unexpectedEnd, 0, 1, 1),
            ("[\"a\",\n", .unexpectedEnd, 6, 2, 1),
            ("nul", .unexpectedEnd, 3, 1, 4),
        ] as [(String, JSONError.Kind, Int, Int, Int)]
    )
    func faultIsReportedWithItsPosition(text: String, kind: JSONError.Kind, offset: Int, line: Int, column: Int) throws
    {
        let found = try error(text)
        #expect(found.kind == kind)
        #expect(found.offset == offset)
        #expect((found.line, found.column) == (line, column))
        #expect(found.description.contains("byte \(offset)"))
    }

    @Test func invalidUTF8IsReportedWithItsPosition() throws {
        let bytes = Array("[\n\"ab".utf8) + [0xFF] + Array("\"]".utf8)
        let found = try #require(throws: JSONError.self) { try JSONValue(parsing: bytes) }
        #expect(found.kind == .invalidUTF8)
        #expect(found.offset == 5)
        #expect((found.line, found.column) == (2, 4))
    }

    @Test func loneSurrogateIsRejectedWithItsOffset() throws {
        for text in ["\"\\udc00\"", "\"\\ud800x\"", "\"\\ud800\\n\"", "\"\\ud800\\ud800\""] {
            let found = try error(text)
            #expect(found.kind == .loneSurrogate && found.offset == 1, "\(text)")
        }
        #expect(try JSONValue(parsing: "\"\\ud83d\\ude00\"") == "😀")
    }

    @Test func nestingIsAcceptedUpToTheLimit() throws {
        func nested(_ depth: Int) -> [UInt8] {
            Array(String(repeating: "[", count: depth).utf8) + Array(String(repeating: "]", count: depth).utf8)
        }
        #expect(throws: Never.self) { try JSONValue(parsing: nested(512)) }
        let found = try #require(throws: JSONError.self) { try JSONValue(parsing: nested(513)) }
        #expect(found.kind == .tooDeep(limit: 512))
        #expect(found.offset == 512)
        #expect(throws: Never.self) { try JSONText(nested(3), limits: JSONLimits(depth: 3)) }
        #expect(throws: JSONError.self) { try JSONText(nested(4), limits: JSONLimits(depth: 3)) }
        #expect(throws: Never.self) { try JSONValue(parsing: "1", limits: JSONLimits(depth: 0)) }
        let mixed = "{\"a\":[{\"b\":1}]}"
        #expect(throws: Never.self) { try JSONValue(parsing: mixed, limits: JSONLimits(depth: 3)) }
        #expect(throws: JSONError.self) { try JSONValue(parsing: mixed, limits: JSONLimits(depth: 2)) }
    }

    @Test func textIsAcceptedUpToTheSizeLimit() throws {
        #expect(try JSONValue(parsing: "[1,2]", limits: JSONLimits(bytes: 5)) == [1, 2])
        let found = try #require(throws: JSONError.self) {
            try JSONValue(parsing: "[1,2]", limits: JSONLimits(bytes: 4))
        }
        #expect(found.kind == .tooLarge(bytes: 5, limit: 4))
        #expect(found.description == "5 bytes, more than the limit of 4")
    }
}
