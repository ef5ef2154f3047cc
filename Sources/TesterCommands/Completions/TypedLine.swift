/// A command line as far as it is typed, split into words as a shell does.
struct TypedLine: Equatable {
    /// The words before the cursor that are complete.
    var words: [String] = []
    /// What is typed of the word at the cursor.
    var current = ""
    /// The quote that is open at the cursor.
    var quote: Character?

    /// Takes words that the shell has split.
    init(words: [String], current: String) {
        self.words = words
        self.current = current
    }

    /// Splits a line, whose last quote may be open.
    init(_ line: String) {
        var word: String?
        var rest = line[...]
        while let character = rest.popFirst() {
            switch (character, quote) {
            case ("'", "'"), ("\"", "\""): quote = nil
            case (_, "'"): word = (word ?? "") + String(character)
            case ("\\", _):
                let next = rest.popFirst()
                let keepsBackslash = quote != nil && next.map { !"\"\\$`".contains($0) } ?? true
                word = (word ?? "") + (keepsBackslash ? "\\" : "") + (next.map(String.init) ?? "")
            case (_, "\""): word = (word ?? "") + String(character)
            case ("'", nil), ("\"", nil):
                quote = character
                word = word ?? ""
            case (let space, nil) where space.isWhitespace:
                if let finished = word { words.append(finished) }
                word = nil
            default: word = (word ?? "") + String(character)
            }
        }
        current = word ?? ""
    }
}
