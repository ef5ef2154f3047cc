/// The values of TOML that have no quotes: Booleans, numbers, dates and times.
enum TOMLScalar {
    /// Reads the word at the position.
    static func read(_ reader: inout TOMLValueReader) throws(ConfigurationError) -> ConfigurationNode.Content {
        let start = reader.position
        var word = readWord(&reader)
        // A space may stand in place of the T between a date and a time.
        if isDate(word), reader.byte == 0x20, reader.position + 1 < reader.bytes.count,
            (0x30...0x39).contains(reader.bytes[reader.position + 1])
        {
            reader.position += 1
            word += " " + readWord(&reader)
        }
        switch word {
        case "true": return .bool(true)
        case "false": return .bool(false)
        case _ where isNumber(word): return .number(word)
        case _ where isDate(String(word.prefix(10))) || isTime(word): return .date(word)
        default:
            reader.position = start
            throw ConfigurationError(
                word.isEmpty ? "expected a value" : "expected a value; a string needs quotes",
                at: start
            )
        }
    }

    private static func readWord(_ reader: inout TOMLValueReader) -> String {
        let start = reader.position
        while let byte = reader.byte, byte > 0x20, ![UInt8](",]}#=[{\"'".utf8).contains(byte) { reader.position += 1 }
        return String(decoding: reader.bytes[start..<reader.position], as: UTF8.self)
    }

    private static func isNumber(_ word: String) -> Bool {
        let unsigned = word.first == "+" || word.first == "-" ? word.dropFirst() : word[...]
        if unsigned == "inf" || unsigned == "nan" { return true }
        for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] where word.hasPrefix(prefix) {
            let digits = word.dropFirst(2)
            return areDigits(digits) { $0.hexDigitValue.map { $0 < radix } ?? false }
        }
        var rest = unsigned
        let whole = rest.prefix { $0.isNumber || $0 == "_" }
        guard areDigits(whole), whole == "0" || !whole.hasPrefix("0") else { return false }
        rest = rest.dropFirst(whole.count)
        if rest.first == "." {
            let fraction = rest.dropFirst().prefix { $0.isNumber || $0 == "_" }
            guard areDigits(fraction) else { return false }
            rest = rest.dropFirst(fraction.count + 1)
        }
        guard let e = rest.first else { return true }
        guard e == "e" || e == "E" else { return false }
        rest = rest.dropFirst()
        if rest.first == "+" || rest.first == "-" { rest = rest.dropFirst() }
        return areDigits(rest)
    }

    /// Whether a text has digits, with underscores only between them.
    private static func areDigits(
        _ text: Substring,
        _ isDigit: (Character) -> Bool = { ("0"..."9").contains($0) }
    ) -> Bool {
        !text.isEmpty
            && text.split(separator: "_", omittingEmptySubsequences: false).allSatisfy {
                !$0.isEmpty && $0.allSatisfy(isDigit)
            }
    }

    private static func isDate(_ text: String) -> Bool { matches(text, "dddd-dd-dd") }

    private static func isTime(_ text: String) -> Bool { matches(String(text.prefix(8)), "dd:dd:dd") }

    /// Whether a text has the form of a pattern, in which `d` is a digit.
    private static func matches(_ text: String, _ pattern: String) -> Bool {
        text.count == pattern.count
            && zip(text, pattern).allSatisfy { $1 == "d" ? ("0"..."9").contains($0) : $0 == $1 }
    }
}
