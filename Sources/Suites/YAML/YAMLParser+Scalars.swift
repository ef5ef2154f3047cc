extension YAMLParser {
    // MARK: - Plain

    /// Reads text without quotes, which goes on in the lines that are indented further.
    mutating func plain(parent: Int) throws(SuiteProblem) -> SourceNode {
        let start = position
        var lines = [try plainLine(startedAt: start)]
        while !isAtLineEnd || current == 0x0A || current == 0x0D {
            var next = self
            var blankLines = 0
            next.skipLine()
            while next.current == 0x0A {
                next.position += 1
                next.skipInlineSpace()
                if next.current == 0x0A || next.current == 0x0D {
                    blankLines += 1
                    next.skipLine()
                }
            }
            guard next.current != nil, !next.isAtLineEnd, next.column > parent, !next.isDocumentMarker else { break }
            self = next
            lines.append(String(repeating: "\n", count: blankLines) + (try plainLine(startedAt: start)))
        }
        var text = lines[0]
        for line in lines.dropFirst() { text += line.hasPrefix("\n") ? line : " " + line }
        return try node(.scalar(text, isPlain: true), at: start)
    }

    private mutating func plainLine(startedAt start: Int) throws(SuiteProblem) -> String {
        let from = position
        while let byte = current, byte != 0x0A, byte != 0x0D, !isAtLineEnd {
            if byte == UInt8(ascii: ":"), self.byte(at: position + 1)?.isYAMLSpace ?? true {
                throw from == start
                    ? problem("A text with `: ` must be quoted.")
                    : problem(
                        "Unexpected `key:` inside the text that starts on line \(file.place(of: start).line). Check the "
                            + "indentation."
                    )
            }
            position += 1
        }
        return String(decoding: file.bytes[from..<position], as: UTF8.self).trimmingSpaces
    }

    // MARK: - Quoted

    mutating func quoted() throws(SuiteProblem) -> SourceNode {
        let start = position
        let isDouble = current == UInt8(ascii: "\"")
        position += 1
        var text: [UInt8] = []
        while true {
            guard let byte = current else { throw problem("The quote is not closed.", at: start) }
            switch byte {
            case UInt8(ascii: "'") where !isDouble:
                position += 1
                guard current == UInt8(ascii: "'") else { return try finish(text, start) }
                text.append(byte)
                position += 1
            case UInt8(ascii: "\"") where isDouble:
                position += 1
                return try finish(text, start)
            case UInt8(ascii: "\\") where isDouble: try escape(into: &text)
            case 0x0A, 0x0D: fold(into: &text)
            default:
                text.append(byte)
                position += 1
            }
        }
    }

    private mutating func finish(_ text: [UInt8], _ start: Int) throws(SuiteProblem) -> SourceNode {
        try node(.scalar(String(decoding: text, as: UTF8.self), isPlain: false), at: start)
    }

    /// Line breaks in quotes: one is a space, each further one a line feed.
    private mutating func fold(into text: inout [UInt8]) {
        while let last = text.last, last == 0x20 || last == 0x09 { text.removeLast() }
        var breaks = 0
        while let byte = current, byte.isYAMLSpace {
            if byte == 0x0A { breaks += 1 }
            position += 1
        }
        text += breaks == 1 ? [0x20] : [UInt8](repeating: 0x0A, count: max(0, breaks - 1))
    }

    private static let escapes: [UInt8: String] = [
        UInt8(ascii: "0"): "\0", UInt8(ascii: "a"): "\u{7}", UInt8(ascii: "b"): "\u{8}", UInt8(ascii: "t"): "\t",
        UInt8(ascii: "n"): "\n", UInt8(ascii: "v"): "\u{B}", UInt8(ascii: "f"): "\u{C}", UInt8(ascii: "r"): "\r",
        UInt8(ascii: "e"): "\u{1B}", UInt8(ascii: " "): " ", UInt8(ascii: "\""): "\"", UInt8(ascii: "/"): "/",
        UInt8(ascii: "\\"): "\\", UInt8(ascii: "N"): "\u{85}", UInt8(ascii: "_"): "\u{A0}",
        UInt8(ascii: "L"): "\u{2028}", UInt8(ascii: "P"): "\u{2029}",
    ]

    private mutating func escape(into text: inout [UInt8]) throws(SuiteProblem) {
        let start = position
        position += 1
        guard let byte = current else { throw problem("The quote is not closed.", at: start) }
        position += 1
        if let replacement = Self.escapes[byte] {
            text += Array(replacement.utf8)
            return
        }
        switch byte {
        case 0x0A, 0x0D:
            // A line break that is not part of the text.
            while let space = current, space.isYAMLSpace { position += 1 }
        case UInt8(ascii: "x"): try append(try hexadecimal(2, start), to: &text, start)
        case UInt8(ascii: "U"): try append(try hexadecimal(8, start), to: &text, start)
        case UInt8(ascii: "u"):
            var code = try hexadecimal(4, start)
            // JSON writes characters beyond U+FFFF as two escapes.
            if (0xD800..<0xDC00).contains(code), current == UInt8(ascii: "\\"),
                self.byte(at: position + 1) == UInt8(ascii: "u")
            {
                position += 2
                let low = try hexadecimal(4, start)
                if (0xDC00..<0xE000).contains(low) { code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00) }
            }
            try append(code, to: &text, start)
        default:
            throw problem(
                "Unknown escape `\\\(Character(Unicode.Scalar(byte)))`. Use single quotes to write it as it is.",
                at: start,
                2
            )
        }
    }

    private mutating func hexadecimal(_ count: Int, _ start: Int) throws(SuiteProblem) -> UInt32 {
        let digits = file.bytes[position..<min(position + count, file.bytes.count)]
        guard digits.count == count, let code = UInt32(String(decoding: digits, as: UTF8.self), radix: 16) else {
            throw problem("Expected \(count) hexadecimal digits after the escape.", at: start, 2)
        }
        position += count
        return code
    }

    private func append(_ code: UInt32, to text: inout [UInt8], _ start: Int) throws(SuiteProblem) {
        guard let scalar = Unicode.Scalar(code) else { throw problem("The escape is not a character.", at: start, 2) }
        text += Array(String(Character(scalar)).utf8)
    }

    // MARK: - Blocks of text

    /// Reads text after `|` (line breaks kept) or `>` (lines joined).
    mutating func blockScalar(parent: Int) throws(SuiteProblem) -> SourceNode {
        let start = position
        let isLiteral = current == UInt8(ascii: "|")
        position += 1
        var chomping: UInt8?
        var explicit: Int?
        while let byte = current, !byte.isYAMLSpace {
            if byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-"), chomping == nil {
                chomping = byte
            } else if byte.isDigit, byte != UInt8(ascii: "0"), explicit == nil {
                explicit = Int(byte - UInt8(ascii: "0"))
            } else {
                throw problem("Expected the text on the next line. Quote a text that starts with `|` or `>`.")
            }
            position += 1
        }
        try requireLineEnd()
        skipLine()
        if current != nil { position += 1 }
        var rows: [(indent: Int, text: String)] = []
        var margin = explicit.map { max(parent, 0) + $0 }
        while current != nil {
            let lineStart = position
            while current == 0x20 { position += 1 }
            let indent = position - lineStart
            let textStart = position
            skipLine()
            var row = file.bytes[textStart..<position]
            if row.last == 0x0D { row.removeLast() }
            if !row.isEmpty {
                if margin == nil, indent > parent { margin = indent }
                guard let margin, indent >= margin, indent > parent else {
                    position = lineStart
                    break
                }
            }
            rows.append((indent, String(decoding: row, as: UTF8.self)))
            if current != nil { position += 1 }
        }
        let lines = rows.map { row in
            row.text.isEmpty ? "" : String(repeating: " ", count: max(0, row.indent - (margin ?? 0))) + row.text
        }
        // The caller continues at a line start.
        let trailing = lines.reversed().prefix { $0.isEmpty }.count
        let kept = Array(lines.dropLast(trailing))
        var text = isLiteral ? kept.joined(separator: "\n") : Self.folded(kept)
        if chomping == UInt8(ascii: "+") {
            text += String(repeating: "\n", count: trailing + (kept.isEmpty ? 0 : 1))
        } else if chomping == nil, !text.isEmpty {
            text += "\n"
        }
        return try node(.scalar(text, isPlain: false), at: start)
    }

    /// Joins lines with spaces; empty lines and lines that are indented further keep their line breaks.
    private static func folded(_ lines: [String]) -> String {
        var text = ""
        var breaks = 0
        var previous: String?
        for line in lines {
            if line.isEmpty {
                breaks += 1
                continue
            }
            if let previous {
                let isIndented = line.hasPrefix(" ") || previous.hasPrefix(" ")
                text += breaks > 0 || isIndented ? String(repeating: "\n", count: breaks + (isIndented ? 1 : 0)) : " "
            } else {
                text += String(repeating: "\n", count: breaks)
            }
            text += line
            (breaks, previous) = (0, line)
        }
        return text
    }
}
