/// A command written on one line, taken apart as a shell would, without expanding anything.
///
/// Source: POSIX shell command language, "Quoting".
struct CommandWords {
    /// The words; nothing if a quote is not closed.
    let words: [String]?

    init(_ line: String) {
        var words: [String] = []
        var word: String?
        var quote: Character?
        var rest = line[...]
        while let character = rest.popFirst() {
            switch (character, quote) {
            case ("'", "'"), ("\"", "\""): quote = nil
            case (_, "'"): word?.append(character)
            case ("\\", "\""):
                // Between double quotes a backslash only quotes what would mean something there.
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
