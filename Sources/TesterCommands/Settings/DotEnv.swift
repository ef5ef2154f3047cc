import Tester

/// The variables of a `.env` file: `NAME=value` a line, with comments, quotes and a leading `export`.
///
/// Quotes may be double, with the escapes `\n`, `\r`, `\t`, `\"` and `\\`, or single, with none. A value without quotes
/// ends before ` #`. Nothing is expanded.
struct DotEnv: Sendable {
    private(set) var variables: [String: String] = [:]
    /// Lines that could not be understood, in words.
    private(set) var problems: [String] = []

    init(_ text: String) {
        let lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
        for (index, line) in lines.enumerated() {
            var line = Self.trimmed(line)
            guard !line.isEmpty, !line.hasPrefix("#") else { continue }
            if line.hasPrefix("export ") { line = Self.trimmed(line.dropFirst(7)) }
            guard let equals = line.firstIndex(of: "="), Self.isName(Self.trimmed(line[..<equals])) else {
                // The line itself is not repeated: it may hold a secret.
                problems.append("line \(index + 1) of .env is not NAME=value and was skipped")
                continue
            }
            let rest = Self.trimmed(line[line.index(after: equals)...])
            guard let value = Self.value(rest) else {
                problems.append("line \(index + 1) of .env has a quote that does not end and was skipped")
                continue
            }
            variables[String(Self.trimmed(line[..<equals]))] = value
        }
    }

    /// The file of the working directory; without variables where there is none.
    static var inWorkingDirectory: DotEnv {
        do throws(Failure) {
            return DotEnv(String(decoding: try Inputs.system.file(".env"), as: UTF8.self))
        } catch {
            return DotEnv("")
        }
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
