/// Writes a text for people line by line, and escapes everything that could control a terminal.
struct ReportRenderer {
    /// The text so far.
    private(set) var text = ""
    private let style: Style

    init(_ style: Style) {
        self.style = style
    }

    /// A part of a line in one style.
    struct Span: ExpressibleByStringInterpolation {
        var text: String
        var role = Style.Role.plain

        init(_ text: String, _ role: Style.Role) {
            self.text = text
            self.role = role
        }

        init(stringLiteral text: String) {
            self.text = text
        }
    }

    /// Writes one line.
    ///
    /// Line feeds in it are escaped.
    mutating func line(_ spans: Span..., indent: Int = 0) {
        text += String(repeating: " ", count: indent)
        for span in spans where !span.text.isEmpty {
            text += style.applied(span.role, to: SafeText.escapeLine(span.text))
        }
        text += "\n"
    }

    /// Writes a text of several lines, indented to tell it from our own words, which begin at the margin.
    mutating func block(_ content: String, indent: Int, _ role: Style.Role = .plain) {
        let margin = String(repeating: " ", count: indent)
        for line in SafeText.escape(content).split(separator: "\n", omittingEmptySubsequences: false) {
            text += line.isEmpty ? "\n" : margin + style.applied(role, to: String(line)) + "\n"
        }
    }

    /// Writes an empty line.
    mutating func gap() {
        text += "\n"
    }

    /// Begins a section with a heading.
    mutating func section(_ title: String, _ remark: String = "") {
        gap()
        line(Span(title, .heading), Span(remark.isEmpty ? "" : "  \(remark)", .faint))
    }
}
