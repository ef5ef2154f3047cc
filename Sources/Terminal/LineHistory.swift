/// The lines that were entered before, oldest first.
package struct LineHistory: Sendable {
    /// The lines, at most ``limit`` of them.
    package private(set) var lines: [String]
    /// How many lines are kept.
    package let limit: Int

    package init(_ lines: [String] = [], limit: Int = 1000) {
        self.limit = limit
        self.lines = Array(lines.suffix(limit))
    }

    /// Adds a line, unless it is blank or repeats the last one.
    ///
    /// - Returns: Whether it was added.
    @discardableResult
    package mutating func add(_ line: String) -> Bool {
        guard line.contains(where: { !$0.isWhitespace }), line != lines.last else { return false }
        lines.append(line)
        if lines.count > limit { lines.removeFirst(lines.count - limit) }
        return true
    }

    /// The newest line before an index that contains a text.
    package func lastIndex(containing text: String, before end: Int) -> Int? {
        lines[..<min(end, lines.count)].lastIndex { $0.contains(text) }
    }

    /// The oldest line after an index that contains a text.
    package func firstIndex(containing text: String, after start: Int) -> Int? {
        guard start + 1 < lines.count else { return nil }
        return lines[(start + 1)...].firstIndex { $0.contains(text) }
    }
}
