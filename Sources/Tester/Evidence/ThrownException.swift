package import JSON

/// An exception that a server wrote to its standard error, with the user's own place in the code.
///
/// Understands the tracebacks of Python, also those that Rich draws boxes around, and the stack traces of Node.
package struct ThrownException: Equatable, Sendable {
    /// The type without its module, such as `ZeroDivisionError`.
    var type: String
    /// The message on one line; empty if it has none.
    var message: String
    /// The innermost place that is not in a library.
    var place: Place?

    /// A line of a file.
    struct Place: Equatable, Sendable {
        var file: String
        var line: Int

        /// The name of the file and the line.
        var short: String { "\(file.split(separator: "/").last ?? "")" + ":\(line)" }
    }

    /// The exception in a few words, such as `ZeroDivisionError: division by zero at server.py:6`.
    package var summary: String {
        let said = message.isEmpty ? type : "\(type): \(message)"
        return place.map { "\(said) at \($0.short)" } ?? said
    }

    package var json: JSONObject {
        var json: JSONObject = ["type": .string(type), "message": .string(message)]
        if let place {
            json["file"] = .string(place.file)
            json["line"] = JSONValue(place.line)
        }
        return json
    }

    /// Whether the one that was written before it caused it, or was handled when it was thrown.
    var hasCause = false

    /// The exception to name: of several that caused each other, the last that has a place in the user's code, or else the
    /// first, because a library only wraps it.
    package init?(inStandardError lines: [String]) {
        let found = Found.all(in: lines).map(\.exception)
        let root = found.last { !$0.hasCause }
        guard let chosen = found.last(where: { $0.place != nil }) ?? root ?? found.last else { return nil }
        self = chosen
    }

    /// The lines that are not part of an exception.
    package static func linesOutside(_ lines: [String]) -> [String] {
        let found = Found.all(in: lines)
        guard !found.isEmpty else { return lines }
        return lines.indices.filter { index in
            !found.contains { $0.lines.contains(index) } && !PythonTraceback.joinsExceptions(lines[index])
        }.map { lines[$0] }
    }

    /// An exception, and the lines that describe it.
    fileprivate struct Found {
        var exception: ThrownException
        var lines: Range<Int>

        static func all(in lines: [String]) -> [Found] {
            PythonTraceback.all(in: lines) + NodeStackTrace.all(in: lines)
        }
    }

    init(named text: String, place: Place?) {
        let parts = text.split(separator: ":", maxSplits: 1).map { Self.trimmed($0) }
        type = parts.first.map { $0.split(separator: ".").last.map(String.init) ?? $0 } ?? text
        message = parts.count > 1 ? Self.shortened(parts[1]) : ""
        self.place = place
    }

    private static func shortened(_ text: String) -> String {
        text.count > 160 ? text.prefix(160) + "…" : text
    }

    static func trimmed(_ text: some StringProtocol) -> String {
        let scalars = text.unicodeScalars.drop { $0.properties.isWhitespace }
        let end = scalars.reversed().drop { $0.properties.isWhitespace }
        return String(String.UnicodeScalarView(end.reversed()))
    }

    /// Whether a file belongs to a library or to the runtime rather than to the user.
    static func isLibrary(_ file: String) -> Bool {
        ["site-packages/", "dist-packages/", "/lib/python", "node_modules/", "node:", "<"].contains {
            $0 == "<" ? file.hasPrefix($0) : file.contains($0)
        }
    }

    /// Whether a line begins like `package.SomeError: message`.
    static func isName(_ line: String) -> Bool {
        let name = line.prefix { $0 != ":" && $0 != " " }
        guard let first = name.unicodeScalars.first, first.properties.isAlphabetic else { return false }
        let isWord = name.unicodeScalars.allSatisfy {
            $0.properties.isAlphabetic || $0 == "." || $0 == "_" || ("0"..."9").contains($0)
        }
        let rest = line.dropFirst(name.count)
        return isWord && (rest.isEmpty || rest.hasPrefix(":"))
    }
}

/// The tracebacks of Python.
private enum PythonTraceback {
    static func all(in lines: [String]) -> [ThrownException.Found] {
        var all: [ThrownException.Found] = []
        let lines = lines.map(withoutGroupMarks)
        for index in lines.indices where lines[index].contains("Traceback (most recent call last)") {
            let found =
                lines[index].contains("╭") || lines[index].contains("┌")
                ? boxed(lines[(index + 1)...]) : plain(lines[(index + 1)...], indent: indent(of: lines[index]))
            guard var found else { continue }
            let before = lines[..<index].last { $0.contains { !$0.isWhitespace } } ?? ""
            found.exception.hasCause = links.contains { before.contains($0) }
            found.lines = index..<found.lines.upperBound
            all.append(found)
        }
        for index in lines.indices where !all.contains(where: { $0.lines.contains(index) }) {
            if let found = mistake(in: lines[index...]) { all.append(found) }
        }
        return all
    }

    /// What Python writes if it cannot read the program's own file: no traceback, only the line and the error.
    private static func mistake(in lines: ArraySlice<String>) -> ThrownException.Found? {
        guard let first = lines.first, first.hasPrefix("  File \""), let place = frame(ThrownException.trimmed(first))
        else { return nil }
        let kinds = ["SyntaxError", "IndentationError", "TabError"]
        let rest = lines.dropFirst().prefix(4)
        guard let index = rest.firstIndex(where: { line in kinds.contains { line.hasPrefix("\($0):") } }) else {
            return nil
        }
        return ThrownException.Found(
            exception: ThrownException(named: ThrownException.trimmed(rest[index]), place: place),
            lines: lines.startIndex..<index + 1
        )
    }

    /// What Python writes between exceptions that belong together.
    private static let links = [
        "The above exception was the direct cause", "During handling of the above exception",
    ]

    /// Whether a line only stands between exceptions: blank, a sentence about them, or a rule of a group.
    static func joinsExceptions(_ line: String) -> Bool {
        let text = ThrownException.trimmed(line)
        return text.isEmpty || text.hasPrefix("+-") || links.contains { text.contains($0) }
    }

    /// Without the bars and corners of exception groups.
    private static func withoutGroupMarks(_ line: String) -> String {
        let rest = line.drop { $0 == " " }
        guard rest.hasPrefix("| ") || rest.hasPrefix("+ ") else { return line }
        return String(rest.dropFirst(2))
    }

    private static func indent(of line: String) -> Int { line.prefix { $0 == " " }.count }

    private static func plain(_ lines: ArraySlice<String>, indent base: Int) -> ThrownException.Found? {
        var place: ThrownException.Place?
        for (index, line) in zip(lines.indices, lines) {
            let text = ThrownException.trimmed(line)
            if text.hasPrefix("File \""), let frame = frame(text) {
                if !ThrownException.isLibrary(frame.file) { place = frame }
            } else if !text.isEmpty, indent(of: line) <= base {
                guard ThrownException.isName(text) else { return nil }
                let message = joined(text, lines[(index + 1)...])
                return ThrownException.Found(
                    exception: ThrownException(named: message.text, place: place),
                    lines: lines.startIndex..<message.end
                )
            }
        }
        return nil
    }

    /// A line such as `File "/a/server.py", line 6, in average`.
    private static func frame(_ text: String) -> ThrownException.Place? {
        let parts = text.dropFirst("File \"".count).split(separator: "\"", maxSplits: 1)
        guard parts.count == 2, parts[1].hasPrefix(", line "),
            let line = Int(parts[1].dropFirst(", line ".count).prefix { $0.isNumber })
        else { return nil }
        return ThrownException.Place(file: String(parts[0]), line: line)
    }

    /// A message of several lines as one, without what only refers to documentation.
    private static func joined(_ first: String, _ rest: ArraySlice<String>) -> (text: String, end: Int) {
        var text = first
        for (index, line) in zip(rest.indices, rest).prefix(4) {
            let next = ThrownException.trimmed(line)
            if next.isEmpty || next.hasPrefix("For further information") || next.contains("Traceback (most recent")
                || next.hasPrefix("+-")
                || indent(of: line) == 0
            {
                return (text, index)
            }
            text += " " + next
        }
        return (text, rest.prefix(4).endIndex)
    }

    // MARK: - Rich

    private static func boxed(_ lines: ArraySlice<String>) -> ThrownException.Found? {
        var place: ThrownException.Place?
        var paragraph = ""
        for (index, line) in zip(lines.indices, lines) {
            let text = ThrownException.trimmed(line)
            if text.hasPrefix("╰") || text.hasPrefix("└") {
                if let frame = richFrame(paragraph) { place = frame }
                guard let name = lines[(index + 1)...].first.map({ ThrownException.trimmed($0) }),
                    ThrownException.isName(name)
                else { return nil }
                let message = wrapped(lines[(index + 1)...])
                return ThrownException.Found(
                    exception: ThrownException(named: message.text, place: place),
                    lines: lines.startIndex..<message.end
                )
            }
            guard let content = content(of: text) else { continue }
            if content.isEmpty {
                if let frame = richFrame(paragraph) { place = frame }
                paragraph = ""
            } else {
                // A long path is broken anywhere.
                paragraph += content
            }
        }
        return nil
    }

    private static func content(of line: String) -> String? {
        guard line.hasPrefix("│"), line.hasSuffix("│"), line.count > 1 else { return nil }
        return ThrownException.trimmed(line.dropFirst().dropLast())
    }

    /// A paragraph such as `/a/server.py:6 in average`.
    private static func richFrame(_ paragraph: String) -> ThrownException.Place? {
        guard paragraph.hasPrefix("/"), let colon = paragraph.firstIndex(of: ":") else { return nil }
        let digits = paragraph[paragraph.index(after: colon)...].prefix { $0.isNumber }
        let file = String(paragraph[..<colon])
        guard let line = Int(digits), !ThrownException.isLibrary(file) else { return nil }
        return ThrownException.Place(file: file, line: line)
    }

    /// The message after a box, whose lines are all indented as much.
    private static func wrapped(_ lines: ArraySlice<String>) -> (text: String, end: Int) {
        guard let first = lines.first else { return ("", lines.endIndex) }
        let margin = indent(of: first)
        var text = ThrownException.trimmed(first)
        let rest = lines.dropFirst().prefix(margin > 0 ? 4 : 0)
        for (index, line) in zip(rest.indices, rest) {
            let next = ThrownException.trimmed(line)
            if next.isEmpty || indent(of: line) < margin || next.hasPrefix("For further information") {
                return (text, index)
            }
            text += " " + next
        }
        return (text, rest.endIndex)
    }
}

/// The stack traces of Node: an error, and lines that begin with `at`.
private enum NodeStackTrace {
    static func all(in lines: [String]) -> [ThrownException.Found] {
        var found: [ThrownException.Found] = []
        for (index, line) in zip(lines.indices, lines) where index + 1 < lines.count {
            let name = ThrownException.trimmed(line)
            guard isCall(lines[index + 1]), !isCall(line), name.contains("Error") else { continue }
            let plainName = name.hasPrefix("Uncaught ") ? String(name.dropFirst("Uncaught ".count)) : name
            guard ThrownException.isName(plainName.split(separator: " ").first.map(String.init) ?? "") else { continue }
            let calls = lines[(index + 1)...].prefix(while: isCall)
            let places = calls.lazy.compactMap(place).filter { !ThrownException.isLibrary($0.file) }
            // Of text that Node cannot read, the place is above the error.
            let above = lines[..<index].suffix(5).lazy.compactMap(heading)
            found.append(
                ThrownException.Found(
                    exception: ThrownException(named: plainName, place: places.first ?? above.first),
                    lines: index..<calls.endIndex
                )
            )
        }
        return found
    }

    private static func isCall(_ line: String) -> Bool { ThrownException.trimmed(line).hasPrefix("at ") }

    /// The place in a line that is only `/a/server.js:3`.
    private static func heading(_ line: String) -> ThrownException.Place? {
        let text = line.hasPrefix("file://") ? line.dropFirst("file://".count) : line[...]
        guard text.hasPrefix("/"), let colon = text.lastIndex(of: ":"),
            let number = Int(text[text.index(after: colon)...])
        else { return nil }
        return ThrownException.Place(file: String(text[..<colon]), line: number)
    }

    /// The place in a line such as `at average (/a/server.js:6:3)`.
    private static func place(_ line: String) -> ThrownException.Place? {
        var text = ThrownException.trimmed(line)
        if text.hasSuffix(")") { text.removeLast() }
        text = String(text[(text.lastIndex(of: "(").map(text.index(after:)) ?? text.startIndex)...])
        if text.hasPrefix("at ") { text.removeFirst(3) }
        if text.hasPrefix("async ") { text.removeFirst(6) }
        if text.hasPrefix("file://") { text.removeFirst(7) }
        let parts = text.split(separator: ":")
        guard parts.count >= 3, let line = Int(parts[parts.count - 2]) else { return nil }
        return ThrownException.Place(file: parts.dropLast(2).joined(separator: ":"), line: line)
    }
}
