/// The variables of a `.env` file: one `NAME=value` per line, with comments, quotes and an optional `export`.
///
/// Double quotes allow the escapes `\n`, `\r`, `\t`, `\"` and `\\`; single quotes allow none. A value without quotes
/// ends before ` #`. Nothing is expanded.
package struct DotEnv: Sendable {
    package private(set) var variables: [String: String] = [:]
    /// A warning for each of the first lines that are invalid, and one for the others.
    ///
    /// None repeats a line, which may hold a secret.
    package private(set) var problems: [String] = []

    private static let longestProblemList = 5

    /// Parses the text of a file.
    ///
    /// - Parameter name: The file's name, for warnings.
    package init(_ text: String, name: String = ".env") {
        var skipped = 0
        func skip(_ index: Int, _ reason: String) {
            skipped += 1
            guard skipped <= Self.longestProblemList else { return }
            problems.append("Skipped line \(index + 1) of \(name): \(reason)")
        }
        let lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
        for (index, line) in lines.enumerated() {
            var line = Self.trimmed(line)
            guard !line.isEmpty, !line.hasPrefix("#") else { continue }
            if line.hasPrefix("export ") { line = Self.trimmed(line.dropFirst(7)) }
            guard let equals = line.firstIndex(of: "="), Self.isName(Self.trimmed(line[..<equals])) else {
                skip(index, "not NAME=value")
                continue
            }
            let rest = Self.trimmed(line[line.index(after: equals)...])
            guard let value = Self.value(rest) else {
                skip(index, "the quote is not closed")
                continue
            }
            variables[String(Self.trimmed(line[..<equals]))] = value
        }
        let others = skipped - problems.count
        if others > 0 { problems.append("Skipped \(others) more \(others == 1 ? "line" : "lines") of \(name)") }
    }

    private static func value(_ text: Substring) -> String? {
        guard let quote = text.first, quote == "\"" || quote == "'" else { return unquoted(text) }
        var value = ""
        var rest = text.dropFirst()
        while let character = rest.popFirst() {
            if character == quote { return value }
            guard character == "\\", quote == "\"", let escaped = rest.popFirst() else {
                value.append(character)
                continue
            }
            switch escaped {
            case "n": value.append("\n")
            case "r": value.append("\r")
            case "t": value.append("\t")
            case "\"", "\\": value.append(escaped)
            default: value += "\\\(escaped)"
            }
        }
        return nil
    }

    private static func unquoted(_ text: Substring) -> String {
        var last: Character?
        var end = text.endIndex
        for index in text.indices {
            if text[index] == "#", last?.isWhitespace ?? true {
                end = index
                break
            }
            last = text[index]
        }
        return String(trimmed(text[..<end]))
    }

    private static func isName(_ text: Substring) -> Bool {
        guard let first = text.unicodeScalars.first, !("0"..."9").contains(first) else { return false }
        return text.unicodeScalars.allSatisfy {
            ("a"..."z").contains($0) || ("A"..."Z").contains($0) || ("0"..."9").contains($0) || $0 == "_"
        }
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text.drop(while: \.isWhitespace)
        while text.last?.isWhitespace ?? false { text.removeLast() }
        return text
    }
}
