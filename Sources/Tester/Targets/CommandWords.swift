/// A command line split into words as a shell does, without any expansion.
///
/// Source: POSIX shell command language, "Quoting".
package struct CommandWords {
    /// The words; `nil` if a quote is not closed.
    package let words: [String]?

    package init(_ line: String) {
        var words: [String] = []
        var word: String?
        var quote: Character?
        var rest = line[...]
        while let character = rest.popFirst() {
            switch (character, quote) {
            case ("'", "'"), ("\"", "\""): quote = nil
            case (_, "'"): word?.append(character)
            case ("\\", "\""):
                // In double quotes a backslash escapes only these characters.
                if let next = rest.first, "\"\\$`".contains(next) {
                    word?.append(rest.removeFirst())
                } else {
                    word?.append(character)
                }
            case ("\\", nil): word = (word ?? "") + String(rest.popFirst() ?? character)
            case (_, "\""): word?.append(character)
            case ("'", nil), ("\"", nil):
                quote = character
                word = word ?? ""
            case (let space, nil) where space.isWhitespace:
                if let finished = word { words.append(finished) }
                word = nil
            default: word = (word ?? "") + String(character)
            }
        }
        if let word { words.append(word) }
        self.words = quote == nil ? words : nil
    }
}
