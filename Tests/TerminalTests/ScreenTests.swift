import Testing

@testable import Terminal

/// What is shown of the line that is edited, on screens of any size.
struct ScreenTests {
    private func view(_ before: String, _ after: String = "", prompt: String = "> ", menu: [String] = []) -> EditorView
    {
        var editor = LineEditor()
        _ = editor.handle(.text(before + after))
        for _ in after { _ = editor.handle(.left) }
        if !menu.isEmpty {
            _ = editor.apply(LineCompletion(word: "", candidates: menu.map { .init($0) }))
        }
        return EditorView(editor, prompt: prompt)
    }

    private func rows(_ view: EditorView, _ columns: Int, _ rows: Int = 24) -> (rows: [String], row: Int, column: Int) {
        let shown = view.rows(on: ScreenSize(columns: columns, rows: rows))
        return (shown.rows.map(\.text), shown.cursor.row, shown.cursor.column)
    }

    @Test(
        arguments: [
            ("abc", 3), ("日本", 4), ("é", 1), ("e\u{301}", 1), ("👩‍💻", 2), ("🇩🇪", 2), ("👍🏽", 2), ("❤️", 2), ("한", 2),
            ("\u{1112}\u{1161}\u{11AB}", 2), ("Ａ", 2), ("", 0), ("\u{200B}", 0), ("…", 1),
        ]
    )
    func charactersTakeTheColumnsThatTerminalsGiveThem(_ text: String, _ columns: Int) {
        #expect(TextWidth.columns(of: text) == columns, "\(text)")
    }

    @Test func aTextIsCutBeforeACharacterThatDoesNotFit() {
        #expect(TextWidth.prefix(of: "a日本", columns: 4) == "a日")
        #expect(TextWidth.prefix(of: "abc", columns: 3) == "abc")
    }

    @Test func theCursorIsWhereTheNextCharacterGoes() {
        #expect(rows(view("ab", "c"), 80) == (["> abc"], 0, 4))
        #expect(rows(view("日", "本"), 80) == (["> 日本"], 0, 4))
    }

    @Test func aLongLineIsBrokenBetweenCharacters() {
        #expect(rows(view("日本語"), 5) == (["> 日", "本語"], 1, 4))
        #expect(rows(view("abc"), 5) == (["> abc", ""], 1, 0))
        #expect(rows(view("abc", "def"), 5) == (["> abc", "def"], 1, 0))
    }

    @Test func aLineThatIsLongerThanTheScreenIsShownAroundTheCursor() {
        let text = (0..<10).map { "\($0)\($0)\($0)\($0)" }.joined()
        let end = rows(view(text, prompt: ""), 4, 5)
        #expect(end.rows == ["7777", "8888", "9999", ""] && end.row == 3)
        let start = rows(view("", text, prompt: ""), 4, 5)
        #expect(start.rows == ["0000", "1111", "2222", "3333"] && start.row == 0)
    }

    @Test func controlCharactersOfALineAreNotPassedOn() {
        let shown = rows(view("a\u{1B}[2J\u{202E}b"), 80).rows[0]
        #expect(shown == "> a\u{FFFD}[2J\u{FFFD}b")
    }

    @Test func candidatesAreShownInColumnsAndTheRestIsCounted() {
        let menu = rows(view("", menu: ["aa", "b", "c", "d", "e"]), 10).rows
        #expect(menu == ["> ", "aa  d", "b   e", "c"])
        let long = rows(view("", menu: (0..<100).map { "\($0)" }), 20, 10).rows
        #expect(long.count == 6 && long.last == "… and 80 more")
    }

    @Test func aSearchReplacesThePrompt() {
        var editor = LineEditor(history: LineHistory(["call echo"]))
        _ = editor.handle(.control("r"))
        _ = editor.handle(.text("ec"))
        #expect(rows(EditorView(editor, prompt: "> "), 80).rows == ["(search: ec) call echo"])
        _ = editor.handle(.text("x"))
        #expect(rows(EditorView(editor, prompt: "> "), 80).rows == ["(failed search: ecx) call echo"])
    }

    // MARK: - The footer

    @Test func otherOutputGoesAboveTheFooter() {
        let screen = ScreenSize(columns: 5, rows: 24)
        var footer = Footer()
        #expect(footer.set(view("abcdef"), on: screen) == "> abc\r\ndef\r\u{1B}[3C")
        let (before, after) = footer.wrap(on: screen)
        #expect(before == "\r\u{1B}[1A\u{1B}[J")
        #expect(after == "> abc\r\ndef\r\u{1B}[3C")
        #expect(footer.set(nil, on: screen) == "\r\u{1B}[1A\u{1B}[J")
        #expect(footer.isEmpty && footer.wrap(on: screen) == ("", ""))
    }

    @Test func theCursorReturnsToItsRow() {
        var footer = Footer()
        let screen = ScreenSize(columns: 5, rows: 24)
        #expect(footer.set(view("a", "bcdef"), on: screen) == "> abc\r\ndef\u{1B}[1A\r\u{1B}[3C")
        #expect(footer.set(nil, on: screen) == "\r\u{1B}[J")
    }

    @Test func aNarrowerScreenIsTakenIntoAccount() {
        var footer = Footer()
        _ = footer.set(view("abcdefgh"), on: ScreenSize(columns: 10, rows: 24))
        // The row of ten columns takes two rows of five now, and the cursor is in the third.
        #expect(footer.wrap(on: ScreenSize(columns: 5, rows: 24)).before == "\r\u{1B}[2A\u{1B}[J")
    }
}
