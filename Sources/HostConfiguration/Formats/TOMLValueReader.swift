/// A key of TOML without its quotes.
struct TOMLKey {
    var text: String
    var range: Range<Int>
}

/// Reads the keys and values of TOML.
struct TOMLValueReader {
    let bytes: [UInt8]
    var position: Int

    private static let deepest = 256

    init(_ text: ConfigurationText) {
        bytes = text.bytes
        position = text.contentStart
    }

    var byte: UInt8? { position < bytes.count ? bytes[position] : nil }

    func starts(with text: String) -> Bool { bytes[position...].starts(with: text.utf8) }

    // MARK: - Spaces and comments

    mutating func skipSpaces() {
        while byte == 0x20 || byte == 0x09 { position += 1 }
    }

    /// Skips empty lines and comments.
    mutating func skipLines() throws(ConfigurationError) {
        while true {
            skipSpaces()
            if byte == UInt8(ascii: "#") {
                skipComment()
            } else if byte == 0x0A {
                position += 1
            } else if byte == 0x0D, starts(with: "\r\n") {
                position += 2
            } else {
                return
            }
        }
    }

    private mutating func skipComment() {
        while let byte, byte != 0x0A { _ = byte; position += 1 }
    }

    /// Skips the rest of a line, which may hold a comment.
    mutating func endLine() throws(ConfigurationError) {
        skipSpaces()
        if byte == UInt8(ascii: "#") { skipComment() }
        if starts(with: "\r\n") {
            position += 2
        } else if byte == 0x0A {
            position += 1
        } else if byte != nil {
            throw ConfigurationError("expected the end of the line", at: position)
        }
    }

    // MARK: - Keys

    /// Reads keys with dots between them, and the spaces behind.
    mutating func readKeys() throws(ConfigurationError) -> [TOMLKey] {
        var keys: [TOMLKey] = []
        while true {
            skipSpaces()
            keys.append(try readKey())
            skipSpaces()
            guard byte == UInt8(ascii: ".") else { return keys }
            position += 1
        }
    }

    private mutating func readKey() throws(ConfigurationError) -> TOMLKey {
        let start = position
        let text: String
        switch byte {
        case UInt8(ascii: "\""): text = try readBasicString()
        case UInt8(ascii: "'"): text = try readLiteralString()
        default:
            while let byte, Self.isBareKey(byte) { position += 1 }
            text = String(decoding: bytes[start..<position], as: UTF8.self)
            guard !text.isEmpty else {
                throw ConfigurationError(
                    "expected a key; one with other characters than A-Z a-z 0-9 _ - needs quotes",
                    at: start
                )
            }
        }
        return TOMLKey(text: text, range: start..<position)
    }

    private static func isBareKey(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
            || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
    }

    // MARK: - Values

    mutating func readValue(depth: Int = 0) throws(ConfigurationError) -> ConfigurationNode {
        guard depth < Self.deepest else {
            throw ConfigurationError("nesting is deeper than \(Self.deepest) levels", at: position)
        }
        let start = position
        let content: ConfigurationNode.Content
        switch byte {
        case UInt8(ascii: "\""):
            content = .string(starts(with: "\"\"\"") ? try readMultilineString("\"") : try readBasicString())
        case UInt8(ascii: "'"):
            content = .string(starts(with: "'''") ? try readMultilineString("'") : try readLiteralString())
        case UInt8(ascii: "["): content = .array(try readArray(depth: depth))
        case UInt8(ascii: "{"): content = try readInlineTable(depth: depth).node.content
        case nil, 0x0A, 0x0D: throw ConfigurationError("expected a value after `=`", at: position)
        default: content = try TOMLScalar.read(&self)
        }
        return ConfigurationNode(content: content, range: start..<position)
    }

    private mutating func readArray(depth: Int) throws(ConfigurationError) -> [ConfigurationNode] {
        let start = position
        position += 1
        var elements: [ConfigurationNode] = []
        while true {
            try skipLines()
            if byte == UInt8(ascii: "]") { break }
            guard byte != nil else { throw unclosed("[", openedAt: start) }
            elements.append(try readValue(depth: depth + 1))
            try skipLines()
            if byte == UInt8(ascii: "]") { break }
            guard byte != nil else { throw unclosed("[", openedAt: start) }
            guard byte == UInt8(ascii: ",") else {
                throw ConfigurationError("expected `,` or `]` after the element", at: position)
            }
            position += 1
        }
        position += 1
        return elements
    }

    private mutating func readInlineTable(depth: Int) throws(ConfigurationError) -> TOMLTable {
        let start = position
        position += 1
        let table = TOMLTable(.inline, at: start)
        while true {
            try skipLines()
            if byte == UInt8(ascii: "}") { break }
            guard byte != nil else { throw unclosed("{", openedAt: start) }
            let keys = try readKeys()
            guard byte == UInt8(ascii: "=") else {
                throw ConfigurationError("expected `=` after the key", at: position)
            }
            position += 1
            skipSpaces()
            try TOMLReader.assign(try readValue(depth: depth + 1), to: keys, in: table)
            try skipLines()
            if byte == UInt8(ascii: "}") { break }
            guard byte != nil else { throw unclosed("{", openedAt: start) }
            guard byte == UInt8(ascii: ",") else {
                throw ConfigurationError("expected `,` or `}` after the value", at: position)
            }
            position += 1
        }
        position += 1
        return table
    }

    private func unclosed(_ bracket: Character, openedAt start: Int) -> ConfigurationError {
        let line = ConfigurationPlace(offset: start, in: bytes, from: 0).line
        return ConfigurationError("the file ends, but the `\(bracket)` of line \(line) is not closed", at: bytes.count)
    }

    // MARK: - Strings

    private mutating func readLiteralString() throws(ConfigurationError) -> String {
        let start = position
        position += 1
        while let byte, byte != 0x0A {
            position += 1
            if byte == UInt8(ascii: "'") { return String(decoding: bytes[start + 1..<position - 1], as: UTF8.self) }
        }
        throw ConfigurationError("the string is not closed on its line", at: start)
    }

    private mutating func readBasicString() throws(ConfigurationError) -> String {
        let start = position
        position += 1
        var content: [UInt8] = []
        while let byte, byte != 0x0A {
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: content, as: UTF8.self)
            case UInt8(ascii: "\\"): try readEscape(into: &content)
            case 0..<0x09, 0x0A..<0x20, 0x7F:
                throw ConfigurationError("control character in a string; write it as an escape", at: position - 1)
            default: content.append(byte)
            }
        }
        throw ConfigurationError("the string is not closed on its line", at: start)
    }

    /// Reads `"""…"""` or `'''…'''`.
    private mutating func readMultilineString(_ quote: Character) throws(ConfigurationError) -> String {
        let start = position
        let quotes = Array(String(repeating: quote, count: 3).utf8)
        let quoteByte = quotes[0]
        position += 3
        // A line ending directly behind the quotes does not count.
        if starts(with: "\r\n") { position += 2 } else if byte == 0x0A { position += 1 }
        var content: [UInt8] = []
        while let byte {
            if bytes[position...].starts(with: quotes) {
                // Up to two more quotes belong to the content.
                var count = 0
                while position + count < bytes.count, bytes[position + count] == quoteByte, count < 5 { count += 1 }
                content += [UInt8](repeating: quoteByte, count: count - 3)
                position += count
                return String(decoding: content, as: UTF8.self)
            }
            position += 1
            if byte == UInt8(ascii: "\\"), quote == "\"" {
                if skipLineContinuation() { continue }
                try readEscape(into: &content)
            } else {
                content.append(byte)
            }
        }
        throw ConfigurationError("the string is not closed", at: start)
    }

    /// Skips a line ending and all spaces after a backslash.
    private mutating func skipLineContinuation() -> Bool {
        var end = position
        while end < bytes.count, bytes[end] == 0x20 || bytes[end] == 0x09 || bytes[end] == 0x0D { end += 1 }
        guard end < bytes.count, bytes[end] == 0x0A else { return false }
        while end < bytes.count, bytes[end] == 0x20 || (0x09...0x0D).contains(bytes[end]) { end += 1 }
        position = end
        return true
    }

    private mutating func readEscape(into content: inout [UInt8]) throws(ConfigurationError) {
        let start = position - 1
        guard let byte else { throw ConfigurationError("the string is not closed", at: start) }
        position += 1
        switch byte {
        case UInt8(ascii: "b"): content.append(0x08)
        case UInt8(ascii: "t"): content.append(0x09)
        case UInt8(ascii: "n"): content.append(0x0A)
        case UInt8(ascii: "f"): content.append(0x0C)
        case UInt8(ascii: "r"): content.append(0x0D)
        case UInt8(ascii: "e"): content.append(0x1B)
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): content.append(byte)
        case UInt8(ascii: "x"): try readScalar(digits: 2, into: &content, at: start)
        case UInt8(ascii: "u"): try readScalar(digits: 4, into: &content, at: start)
        case UInt8(ascii: "U"): try readScalar(digits: 8, into: &content, at: start)
        default:
            throw ConfigurationError(
                "invalid escape in a string; write `\\\\` for a backslash, or use single quotes",
                at: start
            )
        }
    }

    private mutating func readScalar(
        digits count: Int,
        into content: inout [UInt8],
        at start: Int
    ) throws(ConfigurationError) {
        let digits = bytes[position...].prefix(count)
        let text = String(decoding: digits, as: UTF8.self)
        guard digits.count == count, let value = UInt32(text, radix: 16), text.allSatisfy(\.isHexDigit),
            let scalar = Unicode.Scalar(value)
        else {
            throw ConfigurationError("the escape needs \(count) hexadecimal digits of a valid character", at: start)
        }
        position += count
        content += Array(String(scalar).utf8)
    }
}
