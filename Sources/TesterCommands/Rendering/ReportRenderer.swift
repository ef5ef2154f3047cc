/// A text for people, written line by line; whatever is put into it is made safe for a terminal.
struct ReportRenderer {
    /// What was written.
    private(set) var text = ""
    private let style: Style

    init(_ style: Style) {
        self.style = style
    }

    /// A piece of a line.
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

    /// Writes one line; line feeds in it are shown, not obeyed.
    mutating func line(_ spans: Span..., indent: Int = 0) {
        text += String(repeating: " ", count: indent)
        for span in spans where !span.text.isEmpty {
            text += style.applied(span.role, to: SafeText.escapeLine(span.text))
        }
        text += "\n"
    }

    /// Writes a text of any number of lines, each indented.
    ///
    /// The indentation tells it from our own words, which begin at the margin.
    mutating func block(_ content: String, indent: Int, _ role: Style.Role = .plain) {
        let margin = String(repeating: " ", count: indent)
        for line in SafeText.escape(content).split(separator: "\n", omittingEmptySubsequences: false) {
            text += line.isEmpty ? "\n" : margin + style.applied(role, to: String(line)) + "\n"
        }
    }

    /// Separates what follows by an empty line.
    mutating func gap() {
        text += "\n"
    }

    /// Begins a part with a heading.
    mutating func section(_ title: String, _ remark: String = "") {
        gap()
        line(Span(title, .heading), Span(remark.isEmpty ? "" : "  \(remark)", .faint))
    }
}
