import TextUtilities

/// A fault of a suite file.
package struct SuiteProblem: Error, Sendable, CustomStringConvertible {
    /// What is wrong, as a sentence.
    package let message: String
    package let place: SourcePlace
    /// The line, and the caret below the fault.
    let excerpt: (line: String, caret: String)

    init(_ message: String, in file: SourceFile, at offset: Int, length: Int = 1) {
        self.message = message
        let place = file.place(of: offset)
        self.place = place
        let line = file.line(at: offset)
        let scalars = Array(line.unicodeScalars)
        let before = scalars.prefix(place.column - 1).map { $0 == "\t" ? "\t" : " " }.joined()
        let room = max(1, scalars.count - place.column + 1)
        excerpt = (line, before + String(repeating: "^", count: min(max(1, length), room)))
    }

    /// Place and message on one line, then the line of the file with a caret.
    package var description: String {
        "\(place): \(message)\n    \(excerpt.line)\n    \(excerpt.caret)"
    }
}

/// All faults of the files of a run, at least one.
package struct SuiteProblems: Error, Sendable, CustomStringConvertible {
    package let problems: [SuiteProblem]

    package var description: String { problems.map(\.description).joined(separator: "\n") }
}

/// A sentence that suggests the valid name that is probably meant by an unknown one, or lists the valid names.
func suggestion(for name: String, among names: [String]) -> String {
    if let meant = intended(by: name, among: names) { return " Did you mean `\(meant)`?" }
    return " Use one of: \(names.joined(separator: ", "))."
}

/// The valid name that is probably meant by an unknown one: what the protocol or other testers call the same, or a
/// misspelling.
func intended(by name: String, among names: [String]) -> String? {
    if let ours = otherWords[name.lowercased()], names.contains(ours) { return ours }
    return nearest(name, among: names)
}

private let otherWords = [
    "arguments": "args", "params": "args", "parameters": "args", "input": "args", "with": "args",
    "tool": "call", "call_tool": "call", "resource": "read", "uri": "read", "prompt": "get", "get_prompt": "get",
    "expected": "expect", "assertions": "expect", "tests": "cases", "test_cases": "cases", "revisions": "protocols",
    "iserror": "is_error", "structured": "json", "structuredcontent": "json", "before": "setup", "after": "teardown",
]
