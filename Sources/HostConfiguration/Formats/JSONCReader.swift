/// Reads JSON with comments and trailing commas, and keeps the position of everything.
struct JSONCReader {
    private let bytes: [UInt8]
    private var position: Int
    private(set) var firstExtension: (offset: Int, name: String)?

    private static let deepest = 256

    init(_ text: ConfigurationText) {
        bytes = text.bytes
        position = text.contentStart
    }

    /// Reads the one value of the file; nil if there is none.
    mutating func readDocument() throws(ConfigurationError) -> ConfigurationNode? {
        try skipTrivia()
        guard position < bytes.count else { return nil }
        let value = try readValue(depth: 0)
        try skipTrivia()
        guard position == bytes.count else {
            throw ConfigurationError("unexpected text after the end of the value", at: position)
        }
        return value
    }

    private var byte: UInt8? { position < bytes.count ? bytes[position] : nil }

    // MARK: - Values

    private mutating func readValue(depth: Int) throws(ConfigurationError) -> ConfigurationNode {
        guard depth < Self.deepest else {
            throw ConfigurationError("nesting is deeper than \(Self.deepest) levels", at: position)
        }
        let start = position
        let content: ConfigurationNode.Content
        switch byte {
        case UInt8(ascii: "{"): content = .object(try readMembers(depth: depth))
        case UInt8(ascii: "["): content = .array(try readElements(depth: depth))
        case UInt8(ascii: "\""): content = .string(try readString())
        case UInt8(ascii: "'"): throw ConfigurationError("a string needs double quotes", at: position)
        case nil: throw ConfigurationError("the file ends where a value is expected", at: position)
        default: content = try readWord()
        }
        return ConfigurationNode(content: content, range: start..<position)
    }

    private mutating func readMembers(depth: Int) throws(ConfigurationError) -> [ConfigurationMember] {
        let start = position
        position += 1
        var members: [ConfigurationMember] = []
        while true {
            try skipTrivia()
            if byte == UInt8(ascii: "}") {
                position += 1
                return members
            }
            guard byte != nil else { throw unclosed("{", openedAt: start) }
            guard byte == UInt8(ascii: "\"") else {
                throw ConfigurationError("expected a key in double quotes, or `}`", at: position)
            }
            let keyStart = position
            let key = try readString()
            let keyRange = keyStart..<position
            try skipTrivia()
            guard byte == UInt8(ascii: ":") else {
                throw ConfigurationError("expected `:` after the key `\(key)`", at: keyRange.upperBound)
            }
            position += 1
            try skipTrivia()
            let value = try readValue(depth: depth + 1)
            members.append(ConfigurationMember(key: key, keyRange: keyRange, value: value))
            if try readSeparator("}", after: "the value of `\(key)`", openedAt: start) { return members }
        }
    }

    private mutating func readElements(depth: Int) throws(ConfigurationError) -> [ConfigurationNode] {
        let start = position
        position += 1
        var elements: [ConfigurationNode] = []
        while true {
            try skipTrivia()
            if byte == UInt8(ascii: "]") {
                position += 1
                return elements
            }
            guard byte != nil else { throw unclosed("[", openedAt: start) }
            elements.append(try readValue(depth: depth + 1))
            if try readSeparator("]", after: "the element", openedAt: start) { return elements }
        }
    }

    /// Reads a comma, or the end of an array or object.
    ///
    /// - Returns: Whether it was the end.
    private mutating func readSeparator(
        _ end: Character,
        after what: String,
        openedAt start: Int
    ) throws(ConfigurationError) -> Bool {
        let afterValue = position
        try skipTrivia()
        let endByte = end.asciiValue ?? 0
        switch byte {
        case endByte:
            position += 1
            return true
        case UInt8(ascii: ","):
            let comma = position
            position += 1
            try skipTrivia()
            guard byte == endByte else { return false }
            note("a trailing comma", at: comma)
            position += 1
            return true
        case nil: throw unclosed(end == "}" ? "{" : "[", openedAt: start)
        default: throw ConfigurationError("expected `,` or `\(end)` after \(what)", at: afterValue)
        }
    }

    private func unclosed(_ bracket: Character, openedAt start: Int) -> ConfigurationError {
        let line = ConfigurationPlace(offset: start, in: bytes, from: 0).line
        return ConfigurationError("the file ends, but the `\(bracket)` of line \(line) is not closed", at: bytes.count)
    }

    /// Reads a keyword or a number.
    private mutating func readWord() throws(ConfigurationError) -> ConfigurationNode.Content {
        let start = position
        while let byte, !Self.endsWord(byte) { position += 1 }
        switch String(decoding: bytes[start..<position], as: UTF8.self) {
        case "true": return .bool(true)
        case "false": return .bool(false)
        case "null": return .null
        case let word where Self.isNumber(word): return .number(word)
        case let word:
            position = start
            let advice = word.isEmpty ? "expected a value" : "expected a value; a string needs double quotes"
            throw ConfigurationError(advice, at: start)
        }
    }

    private static func endsWord(_ byte: UInt8) -> Bool {
        byte <= 0x20 || [UInt8](",:{}[]\"/".utf8).contains(byte)
    }

    private static func isNumber(_ word: String) -> Bool {
        guard let first = word.utf8.first, first == UInt8(ascii: "-") || (0x30...0x39).contains(first) else {
            return false
        }
        return Double(word) != nil && !word.lowercased().contains { "xpn".contains($0) }
    }

    // MARK: - Strings

    private mutating func readString() throws(ConfigurationError) -> String {
        let start = position
        position += 1
        var content: [UInt8] = []
        while let byte {
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: content, as: UTF8.self)
            case UInt8(ascii: "\\"): try readEscape(into: &content)
            case 0x0A, 0x0D: throw ConfigurationError("the string is not closed on its line", at: start)
            default: content.append(byte)
            }
        }
        throw ConfigurationError("the string is not closed", at: start)
    }

    private mutating func readEscape(into content: inout [UInt8]) throws(ConfigurationError) {
        let start = position - 1
        guard let byte else { throw ConfigurationError("the string is not closed", at: start) }
        position += 1
        switch byte {
        case UInt8(ascii: "n"): content.append(0x0A)
        case UInt8(ascii: "t"): content.append(0x09)
        case UInt8(ascii: "r"): content.append(0x0D)
        case UInt8(ascii: "b"): content.append(0x08)
        case UInt8(ascii: "f"): content.append(0x0C)
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): content.append(byte)
        case UInt8(ascii: "u"):
            var unit = try readHex(at: start)
            if (0xD800...0xDBFF).contains(unit), bytes[position...].starts(with: Array("\\u".utf8)) {
                let mark = position
                position += 2
                let low = try readHex(at: mark)
                if (0xDC00...0xDFFF).contains(low) {
                    unit = 0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00)
                } else {
                    position = mark
                }
            }
            // Half of a surrogate pair cannot be in a string.
            content += Array(String(Unicode.Scalar(unit) ?? "\u{FFFD}").utf8)
        default:
            throw ConfigurationError("invalid escape in a string; write `\\\\` for a backslash", at: start)
        }
    }

    private mutating func readHex(at start: Int) throws(ConfigurationError) -> UInt32 {
        let digits = String(decoding: bytes[position...].prefix(4), as: UTF8.self)
        guard digits.utf8.count == 4, let unit = UInt32(digits, radix: 16), digits.first != "+", digits.first != "-"
        else {
            throw ConfigurationError("`\\u` needs four hexadecimal digits", at: start)
        }
        position += 4
        return unit
    }

    // MARK: - Spaces and comments

    private mutating func note(_ name: String, at offset: Int) {
        if firstExtension == nil { firstExtension = (offset, name) }
    }

    private mutating func skipTrivia() throws(ConfigurationError) {
        while let byte {
            if byte == 0x20 || (0x09...0x0D).contains(byte) {
                position += 1
            } else if byte == UInt8(ascii: "/") {
                note("a comment", at: position)
                try skipComment()
            } else {
                return
            }
        }
    }

    private mutating func skipComment() throws(ConfigurationError) {
        let start = position
        switch position + 1 < bytes.count ? bytes[position + 1] : 0 {
        case UInt8(ascii: "/"): position = bytes[position...].firstIndex(of: 0x0A) ?? bytes.count
        case UInt8(ascii: "*"):
            position += 2
            while position + 1 < bytes.count {
                if bytes[position] == UInt8(ascii: "*"), bytes[position + 1] == UInt8(ascii: "/") {
                    position += 2
                    return
                }
                position += 1
            }
            throw ConfigurationError("the comment is not closed", at: start)
        default: throw ConfigurationError("expected a comment after `/`", at: start)
        }
    }
}
