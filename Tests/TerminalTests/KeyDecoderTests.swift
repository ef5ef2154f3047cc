import Testing

@testable import Terminal

/// The bytes that terminals send, as keys.
struct KeyDecoderTests {
    private func keys(_ text: String) -> [Key] {
        var decoder = KeyDecoder()
        return decoder.decode(Array(text.utf8))
    }

    @Test func typedCharactersArriveTogether() {
        #expect(keys("call ä 日本 👩‍💻") == [.text("call ä 日本 👩‍💻")])
    }

    @Test(
        arguments: [
            ("\r", Key.enter), ("\n", .enter), ("\t", .tab), ("\u{7F}", .backspace), ("\u{08}", .backspace),
            ("\u{01}", .control("a")), ("\u{03}", .control("c")), ("\u{04}", .control("d")), ("\u{12}", .control("r")),
            ("\u{1A}", .control("z")), ("\u{1B}[A", .up), ("\u{1B}OB", .down), ("\u{1B}[C", .right),
            ("\u{1B}[D", .left),
            ("\u{1B}[H", .home), ("\u{1B}OF", .end), ("\u{1B}[1~", .home), ("\u{1B}[4~", .end), ("\u{1B}[3~", .delete),
            ("\u{1B}[1;5C", .wordRight), ("\u{1B}[1;3D", .wordLeft), ("\u{1B}[Z", .backTab), ("\u{1B}b", .alt("b")),
            ("\u{1B}\u{7F}", .alt("\u{7F}")),
        ]
    )
    func eachSequenceIsOneKey(_ bytes: String, _ key: Key) {
        #expect(keys(bytes) == [key])
    }

    @Test func sequencesAndCharactersMayArriveByteByByte() {
        var decoder = KeyDecoder()
        let keys = "ä\u{1B}[1;5Dx".utf8.flatMap { decoder.decode([$0]) }
        #expect(keys == [.text("ä"), .wordLeft, .text("x")])
    }

    @Test func anEscapeByteWaitsForWhatFollows() {
        var decoder = KeyDecoder()
        #expect(decoder.decode([0x1B]).isEmpty)
        #expect(decoder.waitsAfterEscape)
        #expect(decoder.flush() == [.escape])
        #expect(decoder.flush().isEmpty && !decoder.waitsAfterEscape)
        #expect(decoder.decode(Array("x".utf8)) == [.text("x")])
    }

    @Test func aPasteKeepsItsLineBreaksAndControlCharacters() {
        #expect(
            keys("a\u{1B}[200~{\n\t\"a\": 1\n}\u{1B}[A\u{1B}[201~b") == [
                .text("a"), .paste("{\n\t\"a\": 1\n}\u{1B}[A"), .text("b"),
            ]
        )
    }

    @Test func unknownSequencesAndInvalidBytesDoNoHarm() {
        #expect(keys("\u{1B}[?1;2cx\u{1B}[99~y") == [.text("xy")])
        var decoder = KeyDecoder()
        #expect(decoder.decode([0xFF, 0x61]) == [.text("\u{FFFD}a")])
        #expect(decoder.decode([0xE2, 0x61]) == [.text("\u{FFFD}a")])
        let endless = [0x1B, UInt8(ascii: "[")] + [UInt8](repeating: UInt8(ascii: "1"), count: 100)
        #expect(decoder.decode(endless + [UInt8(ascii: "z")]).last?.isText == true)
    }
}

extension Key {
    fileprivate var isText: Bool { if case .text = self { true } else { false } }
}
