import JSON
import Tester

/// The lines that show where a value differs from the expected one.
enum ValueDifference {
    private static let limit = 10

    static func lines(from expected: JSONValue, to actual: JSONValue) -> [String] {
        if case .string(let old) = expected, case .string(let new) = actual { return text(old, new) }
        switch (expected, actual) {
        case (.object, .object), (.array, .array): break
        default: return []
        }
        var options = JSONDifference.Options()
        // What the author wrote down is meant, even if it looks like a time.
        options.recognizesVolatileValues = false
        options.comparesJSONText = false
        let difference = JSONDifference(from: expected, to: actual, options: options)
        var lines = difference.entries.prefix(limit).map(line)
        let rest = difference.entries.count - lines.count + difference.omitted
        if rest > 0 { lines.append("and \(rest) more") }
        return lines
    }

    /// Differences from a snapshot, without those that are expected in every run, and the pointer of one that has another
    /// value.
    static func snapshotLines(from old: JSONValue, to new: JSONValue) -> (lines: [String], changed: String?) {
        let difference = JSONDifference(from: old, to: new)
        var lines = difference.entries.prefix(limit).map(line)
        let rest = difference.entries.count - lines.count + difference.omitted
        if rest > 0 { lines.append("and \(rest) more") }
        let pointers = difference.entries.filter { $0.kind == .changed }.map(\.pointer.description)
        // The text of a tool often repeats its structured content.
        return (lines, pointers.first { $0.hasPrefix("/structuredContent/") } ?? pointers.first)
    }

    private static func line(_ entry: JSONDifference.Entry) -> String {
        let place = entry.pointer.description.isEmpty ? "/" : entry.pointer.description
        func shown(_ value: JSONValue?) -> String { value.map { Excerpt.of($0, limit: 120) } ?? "nothing" }
        return switch entry.kind {
        case .added: "\(place): extra \(shown(entry.new))"
        case .removed: "\(place): missing \(shown(entry.old))"
        case .changed: "\(place): expected \(shown(entry.old)), got \(shown(entry.new))"
        case .reordered: "\(place): the same elements in another order"
        }
    }

    /// The first line that differs, with a mark below the first character that does.
    private static func text(_ expected: String, _ actual: String) -> [String] {
        let old = expected.split(separator: "\n", omittingEmptySubsequences: false)
        let new = actual.split(separator: "\n", omittingEmptySubsequences: false)
        guard
            let index = (0..<max(old.count, new.count)).first(where: { index in
                index >= old.count || index >= new.count || old[index] != new[index]
            })
        else { return [] }
        guard index < old.count, index < new.count else {
            return [
                index < old.count
                    ? "line \(index + 1) is missing: \(Excerpt.of(.string(String(old[index])), limit: 120))"
                    : "line \(index + 1) is extra: \(Excerpt.of(.string(String(new[index])), limit: 120))"
            ]
        }
        let (one, other) = (Array(old[index]), Array(new[index]))
        var same = 0
        while same < min(one.count, other.count), one[same] == other[same] { same += 1 }
        // Text that is short or differs at once is clear without a mark.
        guard same > 0, max(one.count, other.count) > 8 || old.count > 1 else { return [] }
        let start = max(0, same - 40)
        let prefix = start > 0 ? "…" : ""
        let line = old.count > 1 || new.count > 1 ? "line \(index + 1) " : ""
        return [
            "\(line)expected: \(prefix)\(String(one.dropFirst(start).prefix(80)))",
            "\(line)actual:   \(prefix)\(String(other.dropFirst(start).prefix(80)))",
            String(repeating: " ", count: line.count + 10 + prefix.count + same - start) + "^",
        ]
    }
}
