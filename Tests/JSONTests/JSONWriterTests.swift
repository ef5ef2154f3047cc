import JSON
import Testing

/// Written text: structure, escapes and line breaks.
struct JSONWriterTests {
    private func text(_ write: (inout JSONWriter) throws -> Void) rethrows -> String {
        var writer = JSONWriter()
        try write(&writer)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    @Test func aKnownNameIsWrittenAsAnyOther() {
        let long: StaticString = "a_name_that_is_longer_than_the_buffer_of_a_writer_which_has_room_for_64_bytes"
        var one = JSONWriter(capacity: 64)
        var other = JSONWriter(capacity: 64)
        one.beginObject()
        other.beginObject()
        let names: [StaticString] = ["", "a", "nämé", "a_name_which_with_its_quotes_nearly_fills_the_buffer_", long]
        for name in names {
            one.key(name)
            one.write(1)
            other.key("\(name)" as String)
            other.write(1)
        }
        #expect(one.bytes == other.bytes, "\(String(decoding: one.bytes, as: UTF8.self))")
        #expect(one.bytes.count > 150)
    }

    @Test(arguments: [0, 1, 7, 60, 64, 65, 1000, 20_000])
    func whatDoesNotFitTheArrayIsWrittenAllTheSame(_ count: Int) {
        let value = String(repeating: "x", count: count)
        let write: (inout JSONWriter) -> Void = { writer in
            writer.beginArray()
            for part in [value, "\"\n", value] { writer.write(part) }
            writer.endArray()
        }
        let expected = Array("[\"\(value)\",\"\\\"\\n\",\"\(value)\"]".utf8)
        for capacity in [0, count, 3 * count + 40] {
            #expect(JSONWriter.bytes(capacity: capacity, write) == expected, "\(capacity)")
        }
    }

    @Test(arguments: [
        (0, "0"), (5, "0.05"), (10, "0.1"), (99, "0.99"), (100, "1"), (150, "1.5"), (12_345, "123.45"), (-5, "-0.05"),
        (-150, "-1.5"), (-100, "-1"),
    ])
    func hundredthsHaveNoNeedlessZeros(_ number: Int64, _ expected: String) {
        #expect(text { $0.write(hundredths: number) } == expected)
    }

    @Test func membersOfObjectsAreJoined() throws {
        let objects = try [#"{"a":1}"#, "{}", #"{"b":[2],"c":{}}"#].map { try JSONText(Array($0.utf8)) }
        let written = text { writer in
            writer.beginObject()
            for object in objects { writer.write(membersOf: object) }
            writer.key("d")
            writer.write(3)
            writer.endObject()
        }
        #expect(written == #"{"a":1,"b":[2],"c":{},"d":3}"#)
    }

    @Test func valuesAreSeparatedByCommas() throws {
        let written = try text { writer in
            writer.beginObject()
            writer.key("a")
            writer.beginArray()
            writer.write(1)
            writer.write(true)
            writer.beginObject()
            writer.endObject()
            writer.write("x")
            writer.endArray()
            writer.key("b")
            writer.write(["k": nil, "l": [1.5]] as JSONValue)
            writer.key("c")
            writer.write(try JSONText(Array("[1, 2]".utf8)))
            writer.key("d")
            writer.write(JSONObject())
            writer.endObject()
        }
        #expect(written == #"{"a":[1,true,{},"x"],"b":{"k":null,"l":[1.5]},"c":[1, 2],"d":{}}"#)
    }

    @Test func onlyRequiredCharactersAreEscaped() throws {
        let all = String(String.UnicodeScalarView((0..<0x80).compactMap(UnicodeScalar.init))) + "é\u{2028}😀"
        let written = JSONValue.string(all).description
        #expect(written.utf8.allSatisfy { $0 >= 0x20 })
        #expect(written.hasPrefix(#""\u0000\u0001"#))
        #expect(written.contains(#"\b\t\n\u000b\f\r"#))
        #expect(
            written.contains(#"\""#) && written.contains(#"\\"#) && written.contains("/") && !written.contains(#"\/"#)
        )
        #expect(written.contains("é\u{2028}😀"))
        #expect(try JSONValue(parsing: written) == .string(all))
        #expect(JSONValue.object([all: 1]).description == "{\(written):1}")
    }

    @Test(arguments: 0..<20)
    func specialBytesAreFoundAtEveryOffset(offset: Int) throws {
        for special in ["\"", "\\", "\n", "\u{1F}", "\u{0}"] {
            let plain = String(repeating: "a", count: offset) + special + String(repeating: "é", count: 9)
            let written = JSONValue.string(plain).description
            #expect(!written.utf8.contains(0x0A))
            #expect(try JSONValue(parsing: written) == .string(plain))
        }
    }

    private static let shortEscapes: [UInt8: String] = [
        0x22: #"\""#, 0x5C: #"\\"#, 8: #"\b"#, 9: #"\t"#, 10: #"\n"#, 12: #"\f"#, 13: #"\r"#,
    ]

    /// A reference implementation that escapes byte by byte (RFC 8259).
    private func escaped(_ text: String) -> [UInt8] {
        var bytes = Array("\"".utf8)
        for byte in text.utf8 {
            if let escape = Self.shortEscapes[byte] {
                bytes += escape.utf8
            } else if byte < 0x20 {
                bytes += "\\u00\(byte < 0x10 ? "0" : "")\(String(byte, radix: 16))".utf8
            } else {
                bytes.append(byte)
            }
        }
        return bytes + Array("\"".utf8)
    }

    /// Lengths around a word and around the sizes at which the writer changes its method, with much and little to escape,
    /// into small and large buffers.
    @Test(arguments: [0.0, 0.02, 0.3, 1.0])
    func stringsOfEveryLengthAreEscaped(density: Double) {
        var random = SeededGenerator(seed: UInt64(density * 100))
        for length in Array(0...70) + [4000, 4095, 4096, 4097, 9000, 20_000, 70_000] {
            let text = String(
                (0..<length).map { _ -> Character in
                    let isSpecial = Double.random(in: 0..<1, using: &random) < density
                    return isSpecial
                        ? random.pick(Array("\"\\\"\"\\\n\t\u{1}\u{1F}")) : random.pick(Array("abc é😀/"))
                }
            )
            for capacity in [0, 256, 40_000] {
                var writer = JSONWriter(capacity: capacity)
                writer.beginArray()
                writer.write(text)
                writer.write(quoting: Array(text.utf8))
                writer.endArray()
                let quoted = escaped(text)
                #expect(writer.bytes == Array("[".utf8) + quoted + Array(",".utf8) + quoted + Array("]".utf8))
            }
        }
    }

    @Test func lineBreaksAreNeverWritten() throws {
        let received = try JSONText(Array("{\r\n \"a\" :\n [ 1 ,\r 2 ]\n}".utf8))
        let written = text { writer in
            writer.beginArray()
            writer.write(received)
            writer.write("a\nb\r")
            writer.endArray()
        }
        #expect(!written.utf8.contains(0x0A) && !written.utf8.contains(0x0D))
        #expect(try JSONValue(parsing: written) == [["a": [1, 2]], "a\nb\r"])
    }

    @Test func textInsideAStringIsQuoted() throws {
        let written = text { $0.write(quoting: Array(#"{"a":"\n"}"#.utf8)) }
        #expect(try JSONValue(parsing: written) == .string(#"{"a":"\n"}"#))
    }

    @Test func integersAreWrittenWithAllDigits() {
        #expect(text { $0.write(Int.min) } == "-9223372036854775808")
        #expect(text { $0.write(0) } == "0")
        #expect(JSONValue.array([9, 10, -1, 100]).description == "[9,10,-1,100]")
    }

    @Test func prettyPrintingHasOneLinePerMemberAndElement() {
        let value: JSONValue = ["a": [1, [:]], "b": [], "c": ["d": "e\n"]]
        #expect(
            value.prettyPrinted == """
                {
                  "a": [
                    1,
                    {}
                  ],
                  "b": [],
                  "c": {
                    "d": "e\\n"
                  }
                }
                """
        )
    }
}
