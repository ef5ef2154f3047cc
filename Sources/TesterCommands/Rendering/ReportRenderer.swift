/// Writes a text for people line by line, and escapes everything that could control a terminal.
///
/// At a terminal, lines are broken at its width, and what follows is indented.
struct ReportRenderer {
    /// The text so far.
    private(set) var text = ""
    /// The heading of events.
    var eventsTitle = "Events during the call"
    let style: Style
    private let wrapper: LineWrapper?

    init(_ style: Style) {
        self.style = style
        wrapper = style.width.map(LineWrapper.init)
    }

    /// A part of a line in one style.
    struct Span: ExpressibleByStringInterpolation, Equatable {
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
    ///
    /// - Parameters:
    ///   - indent: The indentation.
    ///   - hanging: How much further the rest of a broken line is indented.
    mutating func line(_ spans: Span..., indent: Int = 0, hanging: Int = 2) {
        let spans = spans.filter { !$0.text.isEmpty }.map { Span(SafeText.escapeLine($0.text), $0.role) }
        write(spans, indent: indent, hanging: indent + hanging)
    }

    /// Writes a text of several lines, indented to tell it from our own words, which begin at the margin.
    ///
    /// - Parameter hanging: How much further than its beginning the rest of a broken line is indented.
    mutating func block(_ content: String, indent: Int, _ role: Style.Role = .plain, hanging: Int = 0) {
        for line in SafeText.escape(content).split(separator: "\n", omittingEmptySubsequences: false) {
            guard !line.isEmpty else {
                text += "\n"
                continue
            }
            let margin = line.prefix { $0 == " " }.count
            write([Span(String(line), role)], indent: indent, hanging: indent + margin + hanging)
        }
    }

    private mutating func write(_ spans: [Span], indent: Int, hanging: Int) {
        guard let wrapper else {
            text += String(repeating: " ", count: indent)
            append(spans)
            return
        }
        for (index, line) in wrapper.lines(spans, indent: indent, hanging: hanging).enumerated() {
            text += String(repeating: " ", count: wrapper.indent(index == 0 ? indent : hanging))
            append(line)
        }
    }

    /// Writes spans, those of the same style together.
    private mutating func append(_ spans: [Span]) {
        var pending: Span?
        for span in spans {
            if let last = pending, last.role == span.role {
                pending?.text += span.text
            } else {
                if let last = pending { text += style.applied(last.role, to: last.text) }
                pending = span
            }
        }
        if let pending { text += style.applied(pending.role, to: pending.text) }
        text += "\n"
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
