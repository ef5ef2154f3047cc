/// The editor of one line, as a value: keys go in, and what the owner has to do comes out.
///
/// The keys are those of Emacs, as in most shells.
package struct LineEditor: Sendable {
    /// What the owner has to do after a key.
    package enum Effect: Hashable, Sendable {
        /// The line is finished.
        case submit(String)
        /// Ctrl-C.
        case interrupt
        /// Ctrl-D on an empty line.
        case end
        /// The word before the cursor is to be completed: see ``apply(_:)``.
        case complete
        /// Ctrl-L.
        case clearScreen
        /// Ctrl-Z.
        case suspend
        /// The key could not do anything.
        case bell
    }

    enum Mode: Sendable {
        case editing
        case searching(HistorySearch)
    }

    /// The text before the cursor.
    package internal(set) var before = ""
    /// The text from the cursor on.
    package internal(set) var after = ""
    /// The candidates of the last completion that was ambiguous, until the next key.
    package internal(set) var menu: [String] = []
    /// The lines that were entered before.
    package var history: LineHistory

    var mode = Mode.editing
    /// The text that Ctrl-K, Ctrl-U and Ctrl-W removed last, which Ctrl-Y inserts.
    private var removed = ""
    /// The line of the history that is shown; the number of its lines for the line that is being entered.
    var place: Int
    /// The line that is being entered, while a line of the history is shown.
    var draft = ""

    package init(history: LineHistory = LineHistory()) {
        self.history = history
        place = history.lines.count
    }

    /// The whole line.
    package var line: String { before + after }

    /// Handles a key.
    ///
    /// - Returns: What the owner has to do besides showing the line again.
    package mutating func handle(_ key: Key) -> Effect? {
        menu = []
        if case .searching(let search) = mode { return handle(key, in: search) }
        return edit(key)
    }

    mutating func edit(_ key: Key) -> Effect? {
        switch key {
        case .text(let text): insert(text)
        case .paste(let text): insert(Self.oneLine(text))
        case .enter: return submit()
        case .tab: return .complete
        case .up, .control("p"): return showHistory(at: place - 1)
        case .down, .control("n"): return showHistory(at: place + 1)
        case .control("r"): startSearch()
        case .control("c"): return interrupt()
        case .control("d"):
            if line.isEmpty { return .end }
            return removeNext()
        case .control("l"): return .clearScreen
        case .control("z"): return .suspend
        case .backspace, .control("h"): return removePrevious()
        case .delete: return removeNext()
        case .control("k"): (removed, after) = (after, "")
        case .control("u"): (removed, before) = (before, "")
        case .control("w"): removeWord(isSeparator: \.isWhitespace)
        case .alt("\u{7F}"): removeWord { !$0.isWordCharacter }
        case .alt("d"): removeNextWord()
        case .control("y"): insert(removed)
        case .control("t"): return transpose()
        default: return move(key)
        }
        return nil
    }

    /// Replaces the line.
    mutating func show(_ line: String) {
        (before, after) = (line, "")
    }

    private mutating func submit() -> Effect {
        let line = line
        restart()
        return .submit(line)
    }

    private mutating func interrupt() -> Effect {
        restart()
        return .interrupt
    }

    /// Begins the next line.
    mutating func restart() {
        show("")
        mode = .editing
        draft = ""
        place = history.lines.count
    }

    // MARK: - Moving

    private mutating func move(_ key: Key) -> Effect? {
        switch key {
        case .left, .control("b"):
            guard let character = before.popLast() else { return .bell }
            after.insert(character, at: after.startIndex)
        case .right, .control("f"):
            guard !after.isEmpty else { return .bell }
            before.append(after.removeFirst())
        case .home, .control("a"): (before, after) = ("", line)
        case .end, .control("e"): (before, after) = (line, "")
        case .wordLeft, .alt("b"):
            let count = before.wordSuffixCount
            after = before.suffix(count) + after
            before.removeLast(count)
        case .wordRight, .alt("f"):
            let count = after.wordPrefixCount
            before += after.prefix(count)
            after.removeFirst(count)
        default: break
        }
        return nil
    }

    // MARK: - Changing

    /// Inserts text at the cursor.
    mutating func insert(_ text: String) {
        before += text
    }

    /// A pasted text on one line: line breaks become spaces, as JSON allows.
    private static func oneLine(_ text: String) -> String {
        var text = text[...]
        while text.last?.isNewline ?? false { text.removeLast() }
        return String(text.map { $0.isNewline || $0 == "\t" ? " " : $0 }).filter { !$0.isControl }
    }

    private mutating func removePrevious() -> Effect? {
        before.popLast() == nil ? .bell : nil
    }

    private mutating func removeNext() -> Effect? {
        if after.isEmpty { return .bell }
        after.removeFirst()
        return nil
    }

    private mutating func removeWord(isSeparator: (Character) -> Bool) {
        let word = before.reversed().drop(while: isSeparator).drop { !isSeparator($0) }
        let count = before.count - word.count
        removed = String(before.suffix(count))
        before.removeLast(count)
    }

    private mutating func removeNextWord() {
        let count = after.wordPrefixCount
        removed = String(after.prefix(count))
        after.removeFirst(count)
    }

    /// Exchanges the characters around the cursor, at the end of the line the last two.
    private mutating func transpose() -> Effect? {
        if after.isEmpty, before.count > 1, let last = before.popLast() { after = String(last) }
        guard let previous = before.popLast(), let next = after.first else { return .bell }
        after.removeFirst()
        before.append(next)
        before.append(previous)
        return nil
    }
}

extension StringProtocol {
    /// The number of characters up to the end of the next word.
    fileprivate var wordPrefixCount: Int {
        count - drop { !$0.isWordCharacter }.drop(while: \.isWordCharacter).count
    }

    /// The number of characters from the beginning of the previous word.
    fileprivate var wordSuffixCount: Int {
        count - reversed().drop { !$0.isWordCharacter }.drop(while: \.isWordCharacter).count
    }
}

extension Character {
    fileprivate var isWordCharacter: Bool { isLetter || isNumber || self == "_" }

    fileprivate var isControl: Bool { unicodeScalars.first?.properties.generalCategory == .control }
}
