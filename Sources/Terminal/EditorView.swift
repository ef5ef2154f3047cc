/// The line that is being edited, as it is shown: prompt, text and cursor, and a menu below.
package struct EditorView: FooterContent {
    /// The prompt.
    package var prompt: String
    /// Applies the style of the prompt.
    package var styled: @Sendable (String) -> String
    package var before: String
    package var after: String
    package var menu: [String]

    package init(
        _ editor: LineEditor,
        prompt: String,
        styled: @escaping @Sendable (String) -> String = { $0 }
    ) {
        if let search = editor.search {
            self.prompt = "(\(search.hasFound ? "" : "failed ")search: \(search.text)) "
            self.styled = { $0 }
        } else {
            self.prompt = prompt
            self.styled = styled
        }
        (before, after, menu) = (editor.before, editor.after, editor.menu)
    }

    package func rows(on screen: ScreenSize) -> FooterRows {
        var layout = RowLayout(columns: screen.columns)
        layout.add(prompt)
        let promptColumns = layout.rows.count == 1 ? layout.rows[0].columns : nil
        layout.add(before)
        layout.wrapIfFull()
        let cursor = (row: layout.rows.count - 1, column: layout.rows[layout.rows.count - 1].columns)
        layout.add(after)
        var rows = layout.rows
        if promptColumns != nil {
            let rest = rows[0].text.dropFirst(prompt.count)
            rows[0].text = styled(String(rows[0].text.prefix(prompt.count))) + rest
        }
        // A line that is longer than the screen is shown around the cursor.
        let limit = max(1, screen.rows - 1)
        let first = max(0, min(cursor.row - limit / 2, rows.count - limit))
        rows = Array(rows[first...].prefix(limit))
        rows += menuRows(on: screen).prefix(limit - rows.count)
        return FooterRows(rows, cursor: (cursor.row - first, cursor.column))
    }

    /// The candidates in columns, as many as fit into half of the screen.
    private func menuRows(on screen: ScreenSize) -> [FooterRows.Row] {
        guard !menu.isEmpty else { return [] }
        let labels = menu.map { TextWidth.prefix(of: $0, columns: screen.columns - 1) }
        let width = min(screen.columns, (labels.map { TextWidth.columns(of: $0) }.max() ?? 0) + 2)
        let perRow = max(1, screen.columns / width)
        let limit = max(2, screen.rows / 2)
        let height = (labels.count + perRow - 1) / perRow
        // The last row says how many more there are.
        let isCut = height > limit
        let shown = isCut ? labels.prefix((limit - 1) * perRow) : labels[...]
        let rowCount = min(height, isCut ? limit - 1 : limit)
        var rows = (0..<rowCount).map { row in
            // Down the columns, as ls does.
            let cells = stride(from: row, to: shown.count, by: rowCount).map { shown[$0] }
            let padded = cells.dropLast().map { $0 + String(repeating: " ", count: width - TextWidth.columns(of: $0)) }
            let text = (padded + cells.suffix(1)).joined()
            return FooterRows.Row(text, columns: TextWidth.columns(of: text))
        }
        if isCut {
            let text = "… and \(labels.count - shown.count) more"
            rows.append(FooterRows.Row(text, columns: TextWidth.columns(of: text)))
        }
        return rows
    }
}

/// Breaks text into rows of a screen.
///
/// A character that takes two columns is never divided.
struct RowLayout {
    let columns: Int
    private(set) var rows = [FooterRows.Row("", columns: 0)]

    init(columns: Int) {
        self.columns = columns
    }

    mutating func add(_ text: String) {
        for character in text {
            let (shown, width) = Self.shown(character)
            if rows[rows.count - 1].columns + width > columns { rows.append(FooterRows.Row("", columns: 0)) }
            rows[rows.count - 1].text.append(shown)
            rows[rows.count - 1].columns += width
        }
    }

    /// Begins a row if the last one is full, so that the cursor has a place.
    mutating func wrapIfFull() {
        if rows[rows.count - 1].columns >= columns { rows.append(FooterRows.Row("", columns: 0)) }
    }

    /// A character as it may be shown: nothing that controls the terminal.
    private static func shown(_ character: Character) -> (Character, columns: Int) {
        let isDangerous = character.unicodeScalars.contains { scalar in
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator: true
            // Marks that change the reading direction.
            case .format: scalar.properties.isBidiControl
            default: false
            }
        }
        return isDangerous ? ("\u{FFFD}", 1) : (character, TextWidth.columns(of: character))
    }
}
