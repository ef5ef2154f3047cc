extension YAMLParser {
    /// Reads a list in brackets or a mapping in braces.
    mutating func flow() throws(SuiteProblem) -> SourceNode {
        try enter()
        defer { leave() }
        return current == UInt8(ascii: "[") ? try flowSequence() : try flowMapping()
    }

    private mutating func flowSequence() throws(SuiteProblem) -> SourceNode {
        let start = position
        position += 1
        var items: [SourceNode] = []
        while true {
            try skipFlowSpace(from: start)
            if current == UInt8(ascii: "]") { break }
            items.append(try flowValue())
            try skipFlowSpace(from: start)
            if current == UInt8(ascii: ":") {
                throw problem("A mapping in a list in brackets needs braces: [{key: value}].")
            }
            guard try continues(UInt8(ascii: "]")) else { break }
        }
        position += 1
        return try node(.sequence(items), at: start)
    }

    private mutating func flowMapping() throws(SuiteProblem) -> SourceNode {
        let start = position
        position += 1
        var entries: [SourceNode.Entry] = []
        var known: [String: Int] = [:]
        while true {
            try skipFlowSpace(from: start)
            if current == UInt8(ascii: "}") { break }
            let keyOffset = position
            guard case .scalar(let key, _) = try flowValue().content else {
                throw problem("A key must be text.", at: keyOffset)
            }
            try note(key, keyOffset, in: &known)
            try skipFlowSpace(from: start)
            var value = try node(.scalar("", isPlain: true), at: position)
            if current == UInt8(ascii: ":") {
                position += 1
                try skipFlowSpace(from: start)
                if current != UInt8(ascii: ","), current != UInt8(ascii: "}") { value = try flowValue() }
                try skipFlowSpace(from: start)
            }
            entries.append(.init(key: key, keyOffset: keyOffset, value: value))
            guard try continues(UInt8(ascii: "}")) else { break }
        }
        position += 1
        return try node(.mapping(entries), at: start)
    }

    /// Moves over a comma.
    ///
    /// - Returns: False at the end of the collection.
    private mutating func continues(_ end: UInt8) throws(SuiteProblem) -> Bool {
        switch current {
        case end: return false
        case UInt8(ascii: ","):
            position += 1
            return true
        default:
            throw problem("Expected `,` or `\(Character(Unicode.Scalar(end)))`.")
        }
    }

    private mutating func flowValue() throws(SuiteProblem) -> SourceNode {
        guard let byte = current else { throw problem("The file ends inside a value.") }
        switch byte {
        case UInt8(ascii: "["), UInt8(ascii: "{"): return try flow()
        case UInt8(ascii: "\""), UInt8(ascii: "'"): return try quoted()
        case UInt8(ascii: "*"): return try alias()
        case UInt8(ascii: "&"): throw problem("Anchors in brackets are not supported.")
        default:
            try refuseIndicator(byte)
            return try flowPlain()
        }
    }

    private mutating func flowPlain() throws(SuiteProblem) -> SourceNode {
        let start = position
        var words: [String] = []
        while current != nil {
            let from = position
            while let byte = current, byte != 0x0A, byte != 0x0D, !byte.isFlowIndicator, !isFlowColon, !isAtLineEnd {
                position += 1
            }
            let word = String(decoding: file.bytes[from..<position], as: UTF8.self).trimmingSpaces
            if !word.isEmpty { words.append(word) }
            guard let byte = current, byte == 0x0A || byte == 0x0D else { break }
            try skipFlowSpace(from: start)
        }
        guard !words.isEmpty else { throw problem("Expected a value.", at: start) }
        return try node(.scalar(words.joined(separator: " "), isPlain: true), at: start)
    }

    /// Whether a colon ends a key here: one that space or an indicator follows.
    private var isFlowColon: Bool {
        guard current == UInt8(ascii: ":") else { return false }
        guard let next = byte(at: position + 1) else { return true }
        return next.isYAMLSpace || next.isFlowIndicator
    }

    private mutating func skipFlowSpace(from start: Int) throws(SuiteProblem) {
        while let byte = current {
            if byte.isYAMLSpace {
                position += 1
            } else if isAtLineEnd {
                skipLine()
            } else {
                return
            }
        }
        let end = file.bytes[start] == UInt8(ascii: "[") ? "]" : "}"
        throw problem("The `\(Character(Unicode.Scalar(file.bytes[start])))` is not closed by `\(end)`.", at: start)
    }
}

extension String {
    /// The text without spaces and tabs at both ends.
    var trimmingSpaces: String {
        var text = self[...]
        while let first = text.unicodeScalars.first, first == " " || first == "\t" { text.unicodeScalars.removeFirst() }
        while let last = text.unicodeScalars.last, last == " " || last == "\t" || last == "\r" {
            text.unicodeScalars.removeLast()
        }
        return String(text)
    }
}
