/// A line of a shell session, split into words.
///
/// Quotes and backslashes work as in a POSIX shell. JSON needs no quotes: an object or array at the beginning of a word or
/// after `=`, and a string after `:=`, last until they are closed.
struct ShellWords {
    struct Word: Hashable {
        /// The word without its quotes.
        var text = ""
        /// The word as typed.
        var raw = ""
    }

    private(set) var words: [Word] = []
    /// What is not closed at the end of the line, such as `'`; nil if everything is.
    private(set) var open: Character?
    /// Whether the line ends within a word, rather than after white space.
    private(set) var endsInWord = false

    init(_ line: String) {
        var rest = line[...]
        while true {
            rest = rest.drop(while: \.isWhitespace)
            guard !rest.isEmpty else { return }
            words.append(readWord(&rest))
            endsInWord = rest.isEmpty
        }
    }

    /// The words without their quotes.
    var texts: [String] { words.map(\.text) }

    private mutating func readWord(_ rest: inout Substring) -> Word {
        let start = rest
        var text = ""
        while let character = rest.first, !character.isWhitespace {
            if Self.beginsJSON(character, after: text) {
                text += readJSON(&rest)
                continue
            }
            rest.removeFirst()
            switch character {
            case "'": text += readQuoted(&rest, by: character)
            case "\"": text += readQuoted(&rest, by: character)
            case "\\": text += rest.popFirst().map(String.init) ?? "\\"
            default: text.append(character)
            }
        }
        return Word(text: text, raw: String(start[..<rest.startIndex]))
    }

    private static func beginsJSON(_ character: Character, after text: String) -> Bool {
        switch character {
        case "{", "[": text.isEmpty || text.last == "="
        case "\"": text.hasSuffix(":=")
        default: false
        }
    }

    private mutating func readQuoted(_ rest: inout Substring, by quote: Character) -> String {
        var text = ""
        while let character = rest.popFirst() {
            if character == quote { return text }
            // In double quotes a backslash escapes only these characters.
            if character == "\\", quote == "\"", let next = rest.first, "\"\\$`".contains(next) {
                text.append(next)
                rest.removeFirst()
            } else {
                text.append(character)
            }
        }
        open = quote
        return text
    }

    /// Reads one JSON value, unchanged.
    private mutating func readJSON(_ rest: inout Substring) -> String {
        var text = ""
        var depth = 0
        var isInString = false
        while let character = rest.popFirst() {
            text.append(character)
            switch character {
            case "\\" where isInString: if let next = rest.popFirst() { text.append(next) }
            case "\"": isInString.toggle()
            case "{", "[": if !isInString { depth += 1 }
            case "}", "]": if !isInString { depth -= 1 }
            default: break
            }
            if depth <= 0, !isInString { return text }
        }
        open = isInString ? "\"" : text.first
        return text
    }

    /// A text as a word that is read as this text.
    static func quoted(_ text: String) -> String {
        let needsQuotes =
            text.isEmpty || text.contains { $0.isWhitespace || "'\"\\#".contains($0) }
            || text.first.map { "{[".contains($0) } ?? false
        return needsQuotes ? "'\(text.replacing("'", with: "'\\''"))'" : text
    }
}
