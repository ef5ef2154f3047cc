import Testing

@testable import Terminal

/// The editor as a value: keys go in, the line and what remains to be done come out.
struct LineEditorTests {
    private func editor(_ keys: Key..., history: [String] = []) -> LineEditor {
        var editor = LineEditor(history: LineHistory(history))
        for key in keys { _ = editor.handle(key) }
        return editor
    }

    private func expect(
        _ editor: LineEditor,
        _ before: String,
        _ after: String,
        at place: SourceLocation = #_sourceLocation
    ) {
        #expect(editor.before == before, sourceLocation: place)
        #expect(editor.after == after, sourceLocation: place)
    }

    @Test func theCursorMovesByCharactersAsPeopleSeeThem() {
        expect(editor(.text("a👩‍💻é"), .left), "a👩‍💻", "é")
        expect(editor(.text("a👩‍💻é"), .left, .left), "a", "👩‍💻é")
        expect(editor(.text("日本"), .control("b"), .control("f")), "日本", "")
        // An accent that is typed after its letter joins it.
        expect(editor(.text("e"), .text("\u{301}"), .backspace), "", "")
    }

    @Test func homeAndEndMoveToTheEnds() {
        expect(editor(.text("abc"), .home), "", "abc")
        expect(editor(.text("abc"), .control("a"), .control("e")), "abc", "")
        expect(editor(.text("abc"), .home, .end), "abc", "")
    }

    @Test func wordsAreMovedOverAndRemoved() {
        expect(editor(.text("call get_weather city"), .wordLeft, .wordLeft), "call ", "get_weather city")
        expect(editor(.text("call echo"), .home, .alt("f")), "call", " echo")
        expect(editor(.text("call a/b  "), .control("w")), "call ", "")
        expect(editor(.text("call a/b"), .alt("\u{7F}")), "call a/", "")
        expect(editor(.text("one two"), .home, .alt("d")), "", " two")
    }

    @Test func whatWasRemovedCanBeInsertedAgain() {
        expect(editor(.text("abc def"), .left, .control("k"), .home, .control("y")), "f", "abc de")
        expect(editor(.text("abc def"), .left, .control("u")), "", "f")
        expect(editor(.text("a b"), .control("w"), .control("y"), .control("y")), "a bb", "")
    }

    @Test func charactersAreRemovedOnBothSides() {
        expect(editor(.text("abc"), .left, .backspace), "a", "c")
        expect(editor(.text("abc"), .left, .delete), "ab", "")
        expect(editor(.text("abc"), .home, .control("d")), "", "bc")
        expect(editor(.text("abc"), .control("t")), "acb", "")
    }

    @Test func keysThatDoNothingRingTheBell() {
        var editor = LineEditor()
        for key in [Key.left, .right, .backspace, .delete, .up, .down] { #expect(editor.handle(key) == .bell) }
    }

    @Test func controlDEndsOnlyAnEmptyLine() {
        var editor = editor(.text("x"), .home)
        #expect(editor.handle(.control("d")) == nil)
        #expect(editor.handle(.control("d")) == .end)
    }

    @Test func enterSubmitsTheWholeLineAndBeginsANewOne() {
        var editor = editor(.text("list"), .left)
        #expect(editor.handle(.enter) == .submit("list"))
        #expect(editor.line.isEmpty)
    }

    @Test func controlCDiscardsTheLine() {
        var editor = editor(.text("list"))
        #expect(editor.handle(.control("c")) == .interrupt)
        #expect(editor.line.isEmpty)
    }

    @Test func aPasteBecomesOneLine() {
        let pasted = editor(.text("call add "), .paste("{\n\t\"a\": 1,\r\n  \"b\": 2\n}\n\u{1B}"))
        #expect(pasted.line == "call add {  \"a\": 1,   \"b\": 2 } ")
    }

    // MARK: - History

    @Test func arrowsWalkThroughTheHistoryAndBackToTheDraft() {
        var editor = editor(.text("dra"), history: ["one", "two"])
        let lines = [Key.up, .up, .up, .down, .down, .down].map { key in
            _ = editor.handle(key)
            return editor.line
        }
        #expect(lines == ["two", "one", "one", "two", "dra", "dra"])
    }

    @Test func aSearchFindsEarlierLinesOneAfterTheOther() {
        var editor = editor(history: ["call echo a", "list", "call add", "read x"])
        _ = editor.handle(.control("r"))
        _ = editor.handle(.text("call"))
        #expect(editor.line == "call add")
        _ = editor.handle(.control("r"))
        #expect(editor.line == "call echo a" && editor.search?.hasFound == true)
        #expect(editor.handle(.control("r")) == .bell)
        #expect(editor.line == "call echo a" && editor.search?.hasFound == false)
        _ = editor.handle(.control("s"))
        #expect(editor.line == "call add")
        #expect(editor.handle(.enter) == .submit("call add"))
        #expect(editor.search == nil)
    }

    @Test func aSearchIsNarrowedAndWidened() {
        var editor = editor(.control("r"), .text("call e"), history: ["call echo", "call add"])
        #expect(editor.line == "call echo")
        _ = editor.handle(.backspace)
        #expect(editor.line == "call add")
    }

    @Test func aSearchThatIsGivenUpRestoresTheLine() {
        let abandoned = editor(.text("dra"), .left, .control("r"), .text("one"), .control("g"), history: ["one"])
        expect(abandoned, "dr", "a")
        let kept = editor(.control("r"), .text("on"), .left, history: ["one"])
        expect(kept, "on", "e")
        #expect(kept.search == nil)
    }

    @Test func theHistoryKeepsNoBlankOrRepeatedLinesAndHasALimit() {
        var history = LineHistory(["a"], limit: 2)
        #expect(!history.add("a") && !history.add("  ") && history.add("b") && history.add("c"))
        #expect(history.lines == ["b", "c"])
    }

    // MARK: - Completion

    private func completed(_ text: String, word: String, _ candidates: String..., after: String = "") -> LineEditor {
        var editor = editor(.text(text + after))
        for _ in after { _ = editor.handle(.left) }
        _ = editor.apply(LineCompletion(word: word, candidates: candidates.map { .init($0) }))
        return editor
    }

    @Test func theOnlyCandidateIsInsertedWithASpace() {
        expect(completed("call ec", word: "ec", "echo"), "call echo ", "")
        expect(completed("call ec", word: "ec", "echo", after: " x"), "call echo", " x")
        var editor = editor(.text("call echo m"))
        _ = editor.apply(LineCompletion(word: "m", candidates: [.init("message=", isComplete: false)]))
        expect(editor, "call echo message=", "")
    }

    @Test func theCommonPartIsInsertedBeforeCandidatesAreShown() {
        var editor = completed("g", word: "g", "get_time", "get_weather")
        expect(editor, "get_", "")
        #expect(editor.menu.isEmpty)
        _ = editor.apply(
            LineCompletion(
                word: "get_",
                candidates: [.init("get_time", label: "get_time (now)"), .init("get_weather")]
            )
        )
        #expect(editor.menu == ["get_time (now)", "get_weather"])
        _ = editor.handle(.text("w"))
        #expect(editor.menu.isEmpty)
    }

    @Test func nothingToCompleteRingsTheBellAndALateCompletionIsIgnored() {
        var editor = editor(.text("call x"))
        #expect(editor.apply(LineCompletion(word: "x", candidates: [])) == .bell)
        #expect(editor.apply(LineCompletion(word: "y", candidates: [.init("yes")])) == .bell)
        expect(editor, "call x", "")
    }
}
