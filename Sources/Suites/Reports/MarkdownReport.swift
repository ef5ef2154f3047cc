/// Markdown, for the step summary of GitHub Actions and for comments.
struct MarkdownReport: RunReport {
    private var results: [CaseResult] = []

    init() {}

    mutating func text(for event: RunEvent) -> String {
        switch event {
        case .runStarted, .caseStarted: return ""
        case .caseFinished(let result):
            if result.outcome != .passed || result.isFlaky { results.append(result) }
            return ""
        case .runFinished(let summary): return document(summary)
        }
    }

    private func document(_ summary: RunSummary) -> String {
        var text = "## \(Self.escaped(summary.verdict))\n"
        guard !results.isEmpty else { return text }
        text += "\n| outcome | case | where | what |\n|---|---|---|---|\n"
        for result in results.prefix(200) {
            let outcome = result.isFlaky ? "flaky" : result.outcome.rawValue
            let what = result.isFlaky ? "passed in attempt \(result.attempts)" : result.headline ?? ""
            let place = result.failurePlace
            let shown = place.hasLine ? "\(place.file):\(place.line)" : place.file
            text += "| \(outcome) | \(Self.escaped(result.name)) | \(Self.escaped(shown)) | \(Self.escaped(what)) |\n"
        }
        if results.count > 200 { text += "\n\(results.count - 200) more cases are not shown.\n" }
        for result in results.prefix(20) where [.failed, .error, .warning].contains(result.outcome) {
            text += "\n<details><summary>\(XML.escaped(result.name))</summary>\n\n"
            text += result.failureText.split(separator: "\n", omittingEmptySubsequences: false).map { "    \($0)\n" }
                .joined()
            text += "\n</details>\n"
        }
        return text
    }

    /// Text that has no meaning in a cell of a table.
    private static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n", "\r": result += " "
            case "|", "\\", "`", "*", "_", "[", "]", "#", "~": result += "\\\(scalar)"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "&": result += "&amp;"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
