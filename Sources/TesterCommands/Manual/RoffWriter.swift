/// Writes text with the macros of man(7).
struct RoffWriter {
    private(set) var text = ""

    /// What mandoc recommends for the source, with room for escapes.
    private static let longestLine = 70

    mutating func raw(_ line: String) { text += line + "\n" }

    mutating func title(_ name: String, date: String, source: String) {
        raw(".TH \(Self.escaped(name)) 1 \(date) \"\(Self.escaped(source))\" \"User Commands\"")
        // No hyphenation: names of options are copied from the page.
        raw(".nh")
    }

    mutating func section(_ title: String) { raw(".SH \(title)") }

    mutating func subsection(_ title: String) { raw(".SS \(Self.escaped(title))") }

    mutating func paragraph() { raw(".PP") }

    /// A paragraph of text.
    mutating func text(_ content: String) {
        // Each sentence on a line of its own, so that roff knows where it ends.
        for sentence in content.sentences {
            var line = ""
            for word in sentence.split(separator: " ") {
                if !line.isEmpty, line.count + word.count >= Self.longestLine {
                    raw(Self.line(line))
                    line = ""
                }
                line += (line.isEmpty ? "" : " ") + word
            }
            raw(Self.line(line))
        }
    }

    /// Lines that keep their breaks.
    mutating func code(_ content: String) {
        raw(".RS 4")
        raw(".nf")
        for line in content.split(separator: "\n") { raw(Self.line(String(line))) }
        raw(".fi")
        raw(".RE")
    }

    /// What something is, after its names.
    mutating func item(_ names: [String], _ content: String) {
        raw(".TP")
        raw(names.joined(separator: ", "))
        content.isEmpty ? raw("\\&") : text(content)
    }

    /// Paragraphs, in which indented lines are examples.
    mutating func discussion(_ content: String) {
        var prose: [Substring] = []
        var code: [Substring] = []
        var isFirst = true
        func flush(_ writer: inout RoffWriter) {
            if !prose.isEmpty {
                if !isFirst { writer.paragraph() }
                writer.text(prose.joined(separator: " "))
                isFirst = false
            }
            if !code.isEmpty {
                writer.code(code.joined(separator: "\n"))
                isFirst = false
            }
            (prose, code) = ([], [])
        }
        for line in content.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("  ") {
                code.append(line.dropFirst(2))
            } else if line.isEmpty {
                flush(&self)
            } else {
                if !code.isEmpty { flush(&self) }
                prose.append(line)
            }
        }
        flush(&self)
    }

    static func bold(_ text: String) -> String { "\\fB\(escaped(text))\\fR" }

    static func italic(_ text: String) -> String { "\\fI\(escaped(text))\\fR" }

    /// A text in which nothing is an instruction.
    static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": escaped += "\\e"
            // A minus sign, as typed in a shell, rather than a hyphen.
            case "-": escaped += "\\-"
            case "'": escaped += "\\(aq"
            case "`": escaped += "\\(ga"
            case "^": escaped += "\\(ha"
            case "~": escaped += "\\(ti"
            case "\"": escaped += "\\(dq"
            case "…": escaped += "..."
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    /// A line of text, which must not begin with a control character.
    private static func line(_ text: String) -> String {
        (text.hasPrefix(".") ? "\\&" : "") + escaped(text)
    }
}

extension String {
    /// The sentences of a text, whose line feeds count as spaces.
    fileprivate var sentences: [String] {
        var sentences: [String] = []
        var sentence = ""
        var rest = split(whereSeparator: \.isWhitespace)[...]
        while let word = rest.popFirst() {
            sentence += (sentence.isEmpty ? "" : " ") + word
            let isEnd = word.hasSuffix(".") || word.hasSuffix("?")
            if isEnd, rest.first?.first?.isUppercase ?? true {
                sentences.append(sentence)
                sentence = ""
            }
        }
        if !sentence.isEmpty { sentences.append(sentence) }
        return sentences
    }
}
