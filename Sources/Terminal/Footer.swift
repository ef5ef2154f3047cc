/// Something at the bottom of the screen that stays below all other output: a line that is being edited, or progress.
package protocol FooterContent: Sendable {
    /// The rows as they are shown on a screen of this size.
    func rows(on screen: ScreenSize) -> FooterRows
}

/// Rows at the bottom of the screen.
package struct FooterRows: Sendable {
    /// One row.
    package struct Row: Sendable {
        /// The text with its styles.
        package var text: String
        /// How many columns it takes.
        package var columns: Int

        package init(_ text: String, columns: Int) {
            self.text = text
            self.columns = columns
        }
    }

    package var rows: [Row]
    /// Where the cursor is.
    package var cursor: (row: Int, column: Int)

    package init(_ rows: [Row], cursor: (row: Int, column: Int)) {
        self.rows = rows
        self.cursor = cursor
    }
}

/// Draws the footer and removes it, as text for the terminal.
///
/// Source: ECMA-48, "Control functions" (CUU, CUF, ED).
package struct Footer: Sendable {
    /// What is shown, unless it is nil.
    private var content: (any FooterContent)?
    /// What is on the screen now, and how wide the screen was then.
    private var drawn: (rows: FooterRows, screen: ScreenSize)?

    package init() {}

    /// Whether there is anything to show.
    package var isEmpty: Bool { content == nil }

    /// Replaces the content.
    ///
    /// - Returns: The text that changes the screen accordingly.
    package mutating func set(_ new: (any FooterContent)?, on screen: ScreenSize) -> String {
        let erasure = erase(on: screen)
        content = new
        return erasure + draw(on: screen)
    }

    /// The text that puts other output above the footer.
    ///
    /// - Parameter output: Whole lines.
    package mutating func wrap(on screen: ScreenSize) -> (before: String, after: String) {
        (erase(on: screen), draw(on: screen))
    }

    private mutating func erase(on screen: ScreenSize) -> String {
        guard let (rows, former) = drawn else { return "" }
        drawn = nil
        let row = rows.cursorRow(on: screen.columns == former.columns ? nil : screen)
        return "\r" + (row > 0 ? "\u{1B}[\(row)A" : "") + "\u{1B}[J"
    }

    private mutating func draw(on screen: ScreenSize) -> String {
        guard let rows = content?.rows(on: screen), !rows.rows.isEmpty else { return "" }
        drawn = (rows, screen)
        let up = rows.rows.count - 1 - rows.cursor.row
        return rows.rows.map(\.text).joined(separator: "\r\n") + (up > 0 ? "\u{1B}[\(up)A" : "") + "\r"
            + (rows.cursor.column > 0 ? "\u{1B}[\(rows.cursor.column)C" : "")
    }
}

extension FooterRows {
    /// The row of the cursor on the screen, from 0.
    ///
    /// - Parameter screen: The screen if it has another width now: terminals have wrapped the rows again.
    fileprivate func cursorRow(on screen: ScreenSize?) -> Int {
        guard let screen else { return cursor.row }
        return rows[..<cursor.row].reduce(cursor.column / screen.columns) { count, row in
            count + max(1, (row.columns + screen.columns - 1) / screen.columns)
        }
    }
}
