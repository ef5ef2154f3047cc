import JSON

/// Reads the YAML that frontmatter is written in: mappings, sequences, quoted, plain and block scalars, flow collections.
///
/// Anchors, aliases, tags and complex keys are not read. They throw ``Frontmatter/Problem/unsupported(_:)``.
struct YAMLReader {
    typealias Problem = Frontmatter.Problem

    private let lines: [Line]
    private var index = 0

    private struct Line {
        let indent: Int
        let text: Substring

        init(_ line: Substring) {
            let rest = line.drop { $0 == " " }
            indent = line.count - rest.count
            var text = rest
            while text.last?.isWhitespace ?? false { text.removeLast() }
            self.text = text
        }

        var isBlank: Bool { text.isEmpty || text.hasPrefix("#") }
        var isItem: Bool { text == "-" || text.hasPrefix("- ") }
    }

    init(_ lines: [Substring]) {
        self.lines = lines.map(Line.init)
    }

    mutating func document() throws(Problem) -> JSONValue {
        guard let first = peek() else { return .null }
        let value = try block(indent: first.indent)
        if let rest = peek() { throw .invalid("line \(index + 2) of its frontmatter is not valid YAML: \(rest.text)") }
        return value
    }

    /// The next line that is not blank.
    private mutating func peek() -> Line? {
        while index < lines.count, lines[index].isBlank { index += 1 }
        return index < lines.count ? lines[index] : nil
    }

    private mutating func block(indent: Int) throws(Problem) -> JSONValue {
        guard let line = peek() else { return .null }
        if line.text.hasPrefix("\t") { throw .invalid("line \(index + 2) of its frontmatter is indented with a tab") }
        return line.isItem ? try sequence(indent: indent) : try mapping(indent: indent)
    }

    // MARK: - Collections

    private mutating func mapping(indent: Int) throws(Problem) -> JSONValue {
        var object = JSONObject()
        while let line = peek(), line.indent == indent, !line.isItem {
            let (key, rest) = try Self.splitKey(line.text, line: index + 2)
            index += 1
            object.append(key, try value(rest, indent: indent))
        }
        return .object(object)
    }

    private mutating func sequence(indent: Int) throws(Problem) -> JSONValue {
        var elements: [JSONValue] = []
        while let line = peek(), line.indent == indent, line.isItem {
            let rest = line.text.dropFirst().drop { $0 == " " }
            let inner = indent + line.text.count - rest.count
            if Self.isMapping(rest) {
                elements.append(try itemMapping(rest, indent: inner))
            } else {
                index += 1
                elements.append(try value(rest, indent: indent))
            }
        }
        return .array(elements)
    }

    /// A mapping whose first key is on the line of its hyphen.
    private mutating func itemMapping(_ first: Substring, indent: Int) throws(Problem) -> JSONValue {
        let (key, rest) = try Self.splitKey(first, line: index + 2)
        index += 1
        var object = JSONObject([.init(key: key, value: try value(rest, indent: indent))])
        if let next = peek(), next.indent == indent, !next.isItem {
            object.members += try mapping(indent: indent).object?.members ?? []
        }
        return .object(object)
    }

    /// The value after a key or a hyphen: on the same line, or in the lines that are indented further.
    private mutating func value(_ text: Substring, indent: Int) throws(Problem) -> JSONValue {
        if text.isEmpty || text.hasPrefix("#") {
            guard let next = peek() else { return .null }
            // A sequence may be as far to the left as its key.
            if next.indent > indent || next.indent == indent && next.isItem && !lines[index - 1].isItem {
                return try block(indent: next.indent)
            }
            return .null
        }
        switch text.first {
        case "|", ">": return .string(try blockScalar(text, indent: indent))
        case "&", "*", "!": throw .unsupported("anchors, aliases and tags")
        case "?": throw .unsupported("complex keys")
        case "\"", "'", "[", "{":
            var flow = FlowReader(String(text))
            while !flow.isComplete, index < lines.count, lines[index].isBlank || lines[index].indent > indent {
                flow = FlowReader(flow.text + (lines[index].text.isEmpty ? "\n" : " \(lines[index].text)"))
                index += 1
            }
            return try flow.document()
        default:
            var plain = Self.withoutComment(text)
            while plain.count == text.count || !plain.isEmpty, index < lines.count, lines[index].indent > indent,
                !lines[index].isBlank
            {
                plain += " " + Self.withoutComment(lines[index].text)
                index += 1
            }
            return try Self.scalar(plain)
        }
    }

    private mutating func blockScalar(_ header: Substring, indent: Int) throws(Problem) -> String {
        let isLiteral = header.first == "|"
        let indicators = Self.withoutComment(header.dropFirst())
        guard indicators.allSatisfy({ "+-123456789".contains($0) }) else {
            throw .invalid("line \(index + 1) of its frontmatter has an invalid block scalar")
        }
        var body: [(indent: Int, text: Substring)] = []
        while index < lines.count, lines[index].text.isEmpty || lines[index].indent > indent {
            body.append((lines[index].indent, lines[index].text))
            index += 1
        }
        let own = indicators.first { $0.isNumber }.flatMap { Int(String($0)) }.map { indent + $0 }
        let margin = own ?? body.first { !$0.text.isEmpty }?.indent ?? 0
        let rows = body.map {
            $0.text.isEmpty ? "" : String(repeating: " ", count: max(0, $0.indent - margin)) + $0.text
        }
        let trailing = rows.reversed().prefix { $0.isEmpty }.count
        let kept = rows.dropLast(trailing)
        let text = isLiteral ? kept.joined(separator: "\n") : Self.fold(Array(kept))
        if indicators.contains("-") || text.isEmpty && trailing == 0 { return text }
        return text + String(repeating: "\n", count: indicators.contains("+") ? trailing + 1 : text.isEmpty ? 0 : 1)
    }

    /// Joins lines with spaces; empty lines and more indented ones keep their line breaks.
    private static func fold(_ rows: [String]) -> String {
        var text = ""
        var breaks = 0
        var previous: String?
        for row in rows {
            if row.isEmpty {
                breaks += 1
                continue
            }
            if let previous {
                let isMore = row.hasPrefix(" ") || previous.hasPrefix(" ")
                text += breaks > 0 || isMore ? String(repeating: "\n", count: breaks + (isMore ? 1 : 0)) : " "
            } else {
                text += String(repeating: "\n", count: breaks)
            }
            text += row
            (breaks, previous) = (0, row)
        }
        return text
    }

    // MARK: - Keys and scalars

    private static func isMapping(_ text: Substring) -> Bool {
        guard let first = text.first, !"[{|>&*!#".contains(first) else { return false }
        return colon(in: text) != nil
    }

    /// The colon that ends the key of a line.
    private static func colon(in text: Substring) -> Substring.Index? {
        var quote: Character?
        var index = text.startIndex
        while index < text.endIndex {
            let character = text[index]
            let next = text.index(after: index)
            if let open = quote {
                if character == open { quote = nil }
                if character == "\\", open == "\"", next < text.endIndex { index = next }
            } else if index == text.startIndex, character == "\"" || character == "'" {
                quote = character
            } else if character == ":", next == text.endIndex || text[next] == " " {
                return index
            }
            index = text.index(after: index)
        }
        return nil
    }

    private static func splitKey(_ text: Substring, line: Int) throws(Problem) -> (String, Substring) {
        if let first = text.first, "&*!?".contains(first) {
            throw .unsupported("anchors, aliases, tags and complex keys")
        }
        guard let colon = colon(in: text) else {
            throw .invalid("line \(line) of its frontmatter is not \"key: value\"")
        }
        var key = text[..<colon]
        while key.last == " " { key.removeLast() }
        let rest = text[text.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
        guard key.first == "\"" || key.first == "'" else { return (String(key), rest) }
        var flow = FlowReader(String(key))
        return (try flow.document().string ?? String(key), rest)
    }

    private static func withoutComment(_ text: Substring) -> String {
        var text = text.hasPrefix("#") ? "" : text
        if let mark = text.firstRange(of: " #") { text = text[..<mark.lowerBound] }
        while text.last?.isWhitespace ?? false { text.removeLast() }
        return String(text)
    }

    /// A plain scalar by the core schema of YAML 1.2.
    static func scalar(_ text: String) throws(Problem) -> JSONValue {
        switch text {
        case "", "~", "null", "Null", "NULL": return .null
        case "true", "True", "TRUE": return true
        case "false", "False", "FALSE": return false
        default: break
        }
        if let first = text.first, "@`%".contains(first) { throw .invalid("a value begins with \"\(first)\"") }
        if text.firstRange(of: ": ") != nil { throw .invalid("an unquoted value contains \": \"") }
        let unsigned = text.hasPrefix("+") ? String(text.dropFirst()) : text
        guard let first = unsigned.first, first.isASCII, first.isNumber || first == "-" || first == "." else {
            return .string(text)
        }
        if let number = JSONNumber(literal: unsigned) { return .number(number) }
        if unsigned.hasPrefix("0x"), let value = Int(unsigned.dropFirst(2), radix: 16) { return JSONValue(value) }
        if unsigned.hasPrefix("0o"), let value = Int(unsigned.dropFirst(2), radix: 8) { return JSONValue(value) }
        let digits = unsigned.hasPrefix("-") ? unsigned.dropFirst() : unsigned[...]
        // Numbers that JSON writes otherwise: 007, 1., .5.
        if digits.allSatisfy({ $0.isNumber && $0.isASCII }), let value = Int(unsigned) { return JSONValue(value) }
        let isDecimal = digits.allSatisfy { $0.isNumber && $0.isASCII || $0 == "." } && digits.count { $0 == "." } == 1
        if isDecimal, digits.count > 1, let value = Double(unsigned) { return JSONValue(value) }
        return .string(text)
    }
}
