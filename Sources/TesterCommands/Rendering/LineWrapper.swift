import Terminal

/// Breaks styled lines at the width of a terminal.
///
/// A line is broken at spaces, and beside wide characters, whose scripts have none. A word that is longer than a line is
/// broken between characters. A URL is never broken, so that terminals can open it.
struct LineWrapper {
    typealias Span = ReportRenderer.Span

    /// The columns of the terminal.
    let width: Int

    /// The least room for text beside an indentation.
    static let leastRoom = 20

    /// The least part of a broken word, in columns.
    private static let scrap = 10

    /// The indentation that is used: less than requested if hardly any room for text is left.
    func indent(_ requested: Int) -> Int {
        max(0, min(requested, width - Self.leastRoom))
    }

    /// Breaks a line into lines without their indentation.
    ///
    /// - Parameters:
    ///   - spans: The line, without line feeds.
    ///   - indent: The indentation of the first line.
    ///   - hanging: The indentation of the others.
    func lines(_ spans: [Span], indent: Int, hanging: Int) -> [[Span]] {
        var builder = Builder(width: width, indent: self.indent(indent), hanging: self.indent(hanging))
        for word in Self.words(of: spans, from: self.indent(indent)) { builder.add(word) }
        return builder.finished
    }

    /// A sequence of characters that stays together if it fits.
    private struct Word {
        var parts: [Span] = []
        var width = 0
        var isSpace = false

        var isURL: Bool { parts.contains { $0.text.contains("://") } }

        mutating func append(_ character: Character, _ role: Style.Role, width: Int) {
            self.width += width
            if parts.last?.role == role {
                parts[parts.count - 1].text.append(character)
            } else {
                parts.append(Span(String(character), role))
            }
        }
    }

    private static func words(of spans: [Span], from start: Int) -> [Word] {
        var words: [Word] = []
        var word = Word()
        var column = start
        func finish() {
            if !word.parts.isEmpty { words.append(word) }
            word = Word()
        }
        for span in spans {
            for character in span.text {
                let isSpace = character == " " || character == "\t"
                // Tab stops are eight columns apart.
                let width = character == "\t" ? 8 - column % 8 : TextWidth.columns(of: character)
                if isSpace != word.isSpace || width == 2 || word.width == 2 && isWide(word) { finish() }
                word.isSpace = isSpace
                word.append(character, span.role, width: width)
                column += width
            }
        }
        finish()
        return words
    }

    private static func isWide(_ word: Word) -> Bool {
        word.parts.count == 1 && word.parts[0].text.count == 1
    }

    private struct Builder {
        let width: Int
        let indent: Int
        let hanging: Int
        private var lines: [[Span]] = []
        private var line: [Span] = []
        private var column: Int
        /// The space before the next word, which is dropped if that begins a line.
        private var space: Word?

        init(width: Int, indent: Int, hanging: Int) {
            self.width = width
            self.indent = indent
            self.hanging = hanging
            column = indent
        }

        var finished: [[Span]] { lines + [line] }

        mutating func add(_ word: Word) {
            if word.isSpace {
                // What a line begins with is kept: it is indented.
                if line.isEmpty, lines.isEmpty { append(word) } else { space = word }
                return
            }
            let start = column + (space?.width ?? 0)
            // A word that no line has room for may as well begin here, if more than a scrap of it fits.
            let fitsLater = hanging + word.width <= width
            let beginsHere = !fitsLater && (word.isURL || start + LineWrapper.scrap <= width)
            if start + word.width > width, !isAtStart, !beginsHere { breakLine() }
            if let space { append(space) }
            space = nil
            if column + word.width <= width || word.isURL { append(word) } else { split(word) }
        }

        private var isAtStart: Bool { line.allSatisfy { $0.text.allSatisfy(\.isWhitespace) } }

        private mutating func append(_ word: Word) {
            line += word.parts
            column += word.width
        }

        private mutating func breakLine() {
            lines.append(line)
            line = []
            column = hanging
            space = nil
        }

        private mutating func split(_ word: Word) {
            for part in word.parts {
                for character in part.text {
                    let columns = TextWidth.columns(of: character)
                    if column + columns > width { breakLine() }
                    var piece = Word()
                    piece.append(character, part.role, width: columns)
                    append(piece)
                }
            }
        }
    }
}
