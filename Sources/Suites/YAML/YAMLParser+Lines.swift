extension YAMLParser {
    var current: UInt8? { position < file.bytes.count ? file.bytes[position] : nil }

    func byte(at offset: Int) -> UInt8? { offset < file.bytes.count ? file.bytes[offset] : nil }

    /// The column of the current position, from 0.
    var column: Int {
        var start = position
        while start > 0, file.bytes[start - 1] != 0x0A { start -= 1 }
        return position - start
    }

    var isHyphen: Bool {
        current == UInt8(ascii: "-") && (byte(at: position + 1)?.isYAMLSpace ?? true)
    }

    /// Whether only a comment follows on the line.
    var isAtLineEnd: Bool {
        guard let byte = current else { return true }
        if byte == 0x0A || byte == 0x0D { return true }
        return byte == UInt8(ascii: "#") && (position == 0 || file.bytes[position - 1].isYAMLSpace)
    }

    func isMarker(_ text: StaticString) -> Bool {
        guard column == 0, position + 3 <= file.bytes.count else { return false }
        let marker = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
        return file.bytes[position..<(position + 3)].elementsEqual(marker)
            && (byte(at: position + 3)?.isYAMLSpace ?? true)
    }

    var isDocumentMarker: Bool { isMarker("---") || isMarker("...") }

    mutating func skipInlineSpace() {
        while let byte = current, byte == 0x20 || byte == 0x09 { position += 1 }
    }

    /// Moves to the end of the line.
    mutating func skipLine() {
        while let byte = current, byte != 0x0A { position += 1 }
    }

    /// Moves to the next character that is not space, line end or comment.
    mutating func skipToContent() throws(SuiteProblem) {
        while current != nil {
            let isLineStart = column == 0
            let start = position
            skipInlineSpace()
            guard isAtLineEnd else {
                guard isLineStart, let tab = file.bytes[start..<position].firstIndex(of: 0x09) else { return }
                throw problem("The line is indented with a tab. YAML allows only spaces.", at: tab)
            }
            skipLine()
            if current == nil { return }
            position += 1
        }
    }

    func requireLineEnd() throws(SuiteProblem) {
        var rest = self
        rest.skipInlineSpace()
        guard !rest.isAtLineEnd else { return }
        throw rest.problem("Unexpected text after the value.")
    }

    /// The key that starts at the current position and the place of its colon; nil if no key does.
    func keyEnd() throws(SuiteProblem) -> (key: String, colon: Int)? {
        guard let first = current else { return nil }
        switch first {
        case UInt8(ascii: "["), UInt8(ascii: "{"), UInt8(ascii: "|"), UInt8(ascii: ">"), UInt8(ascii: "#"): return nil
        case UInt8(ascii: "?") where byte(at: position + 1)?.isYAMLSpace ?? true:
            throw problem("Keys that start with `?` are not supported. Write `key: value`.")
        case UInt8(ascii: "\""), UInt8(ascii: "'"):
            guard let colon = quotedKeyColon(first) else { return nil }
            var parser = self
            guard case .scalar(let key, _) = try parser.quoted().content else { return nil }
            return (key, colon)
        default: break
        }
        var index = position
        while let byte = byte(at: index), byte != 0x0A, byte != 0x0D {
            if byte == UInt8(ascii: ":"), self.byte(at: index + 1)?.isYAMLSpace ?? true {
                var end = index
                while end > position, file.bytes[end - 1].isYAMLSpace { end -= 1 }
                if first == UInt8(ascii: "&") || first == UInt8(ascii: "!") || first == UInt8(ascii: "*") { return nil }
                return (String(decoding: file.bytes[position..<end], as: UTF8.self), index)
            }
            if byte == UInt8(ascii: "#"), index > position, file.bytes[index - 1].isYAMLSpace { return nil }
            index += 1
        }
        return nil
    }

    /// The colon after a quoted text that ends on its line; nil if there is none.
    private func quotedKeyColon(_ quote: UInt8) -> Int? {
        var index = position + 1
        while let byte = byte(at: index), byte != 0x0A {
            if byte == UInt8(ascii: "\\"), quote == UInt8(ascii: "\"") {
                index += 2
                continue
            }
            if byte == quote {
                index += 1
                while let space = self.byte(at: index), space == 0x20 || space == 0x09 { index += 1 }
                guard self.byte(at: index) == UInt8(ascii: ":"), self.byte(at: index + 1)?.isYAMLSpace ?? true else {
                    return nil
                }
                return index
            }
            index += 1
        }
        return nil
    }

    func refuseIndicator(_ byte: UInt8) throws(SuiteProblem) {
        switch byte {
        case UInt8(ascii: "!"):
            throw problem("Tags such as `!!str` are not supported. Quote the value to make it text.")
        case UInt8(ascii: "@"), UInt8(ascii: "`"), UInt8(ascii: "%"), UInt8(ascii: ","), UInt8(ascii: "]"),
            UInt8(ascii: "}"):
            throw problem("A text that starts with `\(Character(Unicode.Scalar(byte)))` must be quoted.")
        default: return
        }
    }

    func problem(_ message: String, at offset: Int? = nil, _ length: Int = 1) -> SuiteProblem {
        SuiteProblem(message, in: file, at: offset ?? position, length: length)
    }
}

extension UInt8 {
    /// Whether it is a space, a tab or part of a line end.
    var isYAMLSpace: Bool { self == 0x20 || self == 0x09 || self == 0x0A || self == 0x0D }

    var isFlowIndicator: Bool {
        [UInt8(ascii: ","), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "{"), UInt8(ascii: "}")].contains(self)
    }
}
