extension LineEditor {
    /// Shows a line of the history, or again the line that is being entered.
    mutating func showHistory(at new: Int) -> Effect? {
        guard new >= 0, new <= history.lines.count else { return .bell }
        if place == history.lines.count { draft = line }
        place = new
        show(new == history.lines.count ? draft : history.lines[new])
        return nil
    }

    /// A search backwards through the history, as Ctrl-R starts it.
    struct HistorySearch: Sendable {
        /// What is searched for.
        var text = ""
        /// The line that was found last.
        var match: Int?
        /// Whether the last step found a line.
        var hasFound = true
        /// The line before the search.
        var original: (before: String, after: String)
    }

    /// What is searched for in the history, and whether it was found; nil if nothing is.
    package var search: (text: String, hasFound: Bool)? {
        guard case .searching(let search) = mode else { return nil }
        return (search.text, search.hasFound)
    }

    mutating func startSearch() {
        mode = .searching(HistorySearch(original: (before, after)))
    }

    mutating func handle(_ key: Key, in search: HistorySearch) -> Effect? {
        var search = search
        let count = history.lines.count
        switch key {
        case .text(let text), .paste(let text):
            search.text += text
            return find(history.lastIndex(containing: search.text, before: (search.match ?? count) + 1), &search)
        case .backspace, .control("h"):
            guard !search.text.isEmpty else { return .bell }
            search.text.removeLast()
            return find(history.lastIndex(containing: search.text, before: count), &search)
        case .control("r"):
            return find(history.lastIndex(containing: search.text, before: search.match ?? count), &search)
        case .control("s"):
            return find(history.firstIndex(containing: search.text, after: search.match ?? count), &search)
        case .control("g"), .control("c"):
            (before, after) = search.original
            mode = .editing
            return nil
        case .escape:
            mode = .editing
            return nil
        default:
            // Any other key ends the search, and works on the line that was found.
            mode = .editing
            return edit(key)
        }
    }

    private mutating func find(_ match: Int?, _ search: inout HistorySearch) -> Effect? {
        search.hasFound = match != nil
        if let match {
            search.match = match
            place = match
            show(history.lines[match])
        }
        mode = .searching(search)
        return match == nil ? .bell : nil
    }
}
