extension ConfigurationText {
    /// The line of a fault and a caret below its column, with the contents of all values hidden.
    ///
    /// A broken line may hold a token, so only punctuation and keys are shown.
    public func excerpt(at offset: Int) -> String {
        let offset = min(max(offset, contentStart), bytes.count)
        let start = lineStart(of: offset)
        let end = max(start, lineEnd(of: offset))
        var line = Self.masked(Array(String(decoding: bytes[start..<end], as: UTF8.self)))
        var column = string(start..<min(offset, end)).count
        if column > 60 {
            line.removeFirst(column - 40)
            column = 40
        }
        let text = String(line.prefix(100).map { $0 == "\t" ? " " : $0 })
        return "\(text)\n\(String(repeating: " ", count: column))^"
    }

    /// The characters of a line in which strings that are not keys consist of bullets.
    private static func masked(_ line: [Character]) -> [Character] {
        var masked = line
        var index = 0
        while index < line.count {
            let quote = line[index]
            guard quote == "\"" || quote == "'" else {
                index += 1
                continue
            }
            var end = index + 1
            while end < line.count, line[end] != quote { end += line[end] == "\\" && quote == "\"" ? 2 : 1 }
            end = min(end, line.count)
            let next = line[min(end + 1, line.count)...].first { $0 != " " && $0 != "\t" }
            let isKey = end < line.count && next.map { ":=.]".contains($0) } ?? false
            if !isKey {
                for position in index + 1..<max(index + 1, end) { masked[position] = "•" }
            }
            index = end + 1
        }
        return maskedWords(masked, original: line)
    }

    /// Hides words without quotes that are too long to be a keyword or a number: they may be a value whose quote is missing.
    private static func maskedWords(_ masked: [Character], original line: [Character]) -> [Character] {
        var masked = masked
        var start = 0
        while start < line.count {
            guard isWord(masked[start]) else {
                start += 1
                continue
            }
            var end = start
            while end < line.count, isWord(masked[end]) { end += 1 }
            let next = line[end...].first { $0 != " " && $0 != "\t" }
            let isKey = next.map { ":=.]\"'".contains($0) } ?? false
            if end - start > 8, !isKey, masked[start] != "•" {
                for position in start..<end { masked[position] = "•" }
            }
            start = end
        }
        return masked
    }

    private static func isWord(_ character: Character) -> Bool {
        character.isLetter || character.isNumber || "-_+/$".contains(character)
    }
}
