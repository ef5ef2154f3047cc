import JSON

/// Why a value does not satisfy a matcher.
package struct Mismatch: Sendable, Hashable {
    /// What is expected: the words after "expected", such as `more than 2`.
    package var expected: String
    /// The actual value, shortened.
    package var actual: String
    /// Where the two differ, one line each.
    package var details: [String] = []

    init(_ expected: String, _ actual: JSONValue?, details: [String] = []) {
        self.expected = expected
        self.actual = actual.map { Excerpt.of($0) } ?? "nothing"
        self.details = details
    }

    init(_ expected: String, shown actual: String, details: [String] = []) {
        self.expected = expected
        self.actual = actual
        self.details = details
    }
}

/// Shortens values for one line.
enum Excerpt {
    static let limit = 400

    static func of(_ value: JSONValue, limit: Int = limit) -> String {
        let text = value.description
        guard text.count > limit else { return text }
        return "\(text.prefix(limit))… (\(text.utf8.count) bytes)"
    }

    /// A line of text without quotes, shortened.
    static func of(line: String) -> String {
        line.count > limit ? "\(line.prefix(limit))…" : line
    }
}
