/// Annotations of GitHub Actions: one for each failure, at its line of the suite.
struct GitHubReport: RunReport {
    mutating func text(for event: RunEvent) -> String {
        switch event {
        case .runStarted, .caseStarted: return ""
        case .caseFinished(let result):
            switch result.outcome {
            case .failed, .error: return annotation("error", result, result.failureText)
            case .warning: return annotation("warning", result, result.failureText)
            case .passed where result.isFlaky:
                return annotation("warning", result, "Flaky: passed in attempt \(result.attempts).")
            case .passed, .skipped: return ""
            }
        case .runFinished(let summary):
            return summary.failed + summary.errors > 0
                ? "" : "::notice title=mcp-test-mcp::\(Self.data(summary.verdict))\n"
        }
    }

    private func annotation(_ level: String, _ result: CaseResult, _ message: String) -> String {
        let place = result.failurePlace
        let line = place.hasLine ? "line=\(place.line),col=\(place.column)," : ""
        return "::\(level) file=\(Self.property(place.file)),\(line)"
            + "title=\(Self.property(result.name))::\(Self.data(message))\n"
    }

    /// Source: GitHub's toolkit, `command.ts`.
    private static func data(_ text: String) -> String {
        replaced(text, ["%": "%25", "\r": "%0D", "\n": "%0A"])
    }

    private static func property(_ text: String) -> String {
        replaced(text, ["%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"])
    }

    private static func replaced(_ text: String, _ replacements: [Unicode.Scalar: String]) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            if let replacement = replacements[scalar] {
                result += replacement
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
