/// A form of report, made from the events of a run.
package protocol RunReport: Sendable {
    /// The text that an event adds to the report; empty for none.
    mutating func text(for event: RunEvent) -> String
}

/// The forms of reports by the names that users give.
package enum ReportFormat: String, Sendable, CaseIterable {
    case pretty
    case json
    case junit
    case tap
    case github
    case markdown
    case sarif
    case html

    /// Creates a report.
    ///
    /// - Parameters:
    ///   - version: The version of the program, for reports that name it.
    ///   - isColored: Whether text for people has colors.
    ///   - isVerbose: Whether it also lists the cases that passed.
    ///   - escape: Makes text of a server safe for a terminal.
    package func report(
        version: String,
        isColored: Bool = false,
        isVerbose: Bool = true,
        escape: @escaping @Sendable (String) -> String = { $0 }
    ) -> any RunReport {
        switch self {
        case .pretty: PrettyReport(isColored: isColored, isVerbose: isVerbose, escape: escape)
        case .json: JSONLinesReport(version: version)
        case .junit: JUnitReport()
        case .tap: TAPReport()
        case .github: GitHubReport()
        case .markdown: MarkdownReport()
        case .sarif: SARIFReport(version: version)
        case .html: HTMLReport()
        }
    }
}

extension CaseResult {
    /// What went wrong in one line: the reason, or the first failure.
    package var headline: String? {
        let failure = failures.first.map { "\($0.check): \($0.message)" }
        guard let reason else { return failure }
        return failure.map { "\(reason): \($0)" } ?? reason
    }

    /// Where the step that failed is in the file, for reports that have one place per case.
    var failurePlace: SourcePlace { steps.first { !$0.failures.isEmpty }?.place ?? place }

    /// All failures as text, for reports that have one text per case.
    var failureText: String {
        var lines: [String] = []
        if let reason { lines.append(reason) }
        for step in steps where !step.failures.isEmpty {
            lines.append("\(step.place): \(step.phase == .steps ? "" : "\(step.phase.rawValue): ")\(step.title)")
            for failure in step.failures {
                lines.append("  \(failure.check): \(failure.message)")
                lines += failure.details.map { "    \($0)" }
            }
            if let result = step.result { lines.append("  result: \(result)") }
            lines += step.shownStderr.map { "  \($0)" }
        }
        if let command { lines.append("Repeat: \(command)") }
        return lines.joined(separator: "\n")
    }
}

extension Duration {
    /// Seconds with three decimals, for formats that have them.
    var secondsText: String {
        let milliseconds = Int64((milliseconds).rounded())
        let fraction = String(milliseconds % 1000)
        return "\(milliseconds / 1000).\(String(repeating: "0", count: 3 - fraction.count))\(fraction)"
    }

    var milliseconds: Double {
        let (seconds, attoseconds) = components
        return Double(seconds) * 1000 + Double(attoseconds) / 1e15
    }
}

extension RunSummary {
    /// The numbers in words, such as `11 passed, 1 flaky, 1 failed`; each case counts once.
    package var counts: String {
        let words = [
            (passed - flaky, "passed"), (flaky, "flaky"), (failed, "failed"), (errors, "could not be judged"),
            (warnings, warnings == 1 ? "warning" : "warnings"), (skipped, "skipped"),
        ]
        let parts = words.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
        return parts.isEmpty ? "no case" : parts.joined(separator: ", ")
    }

    /// The verdict: the first word that a reader looks for, then the numbers.
    package var verdict: String {
        let word =
            wasInterrupted
            ? "INTERRUPTED" : failed > 0 ? "FAIL" : errors > 0 ? "ERROR" : ranNothing ? "NOTHING RAN" : "PASS"
        return "\(word): \(counts) in \(elapsed.shown)"
    }
}
