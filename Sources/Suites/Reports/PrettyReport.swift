import JSON

/// Text for people: a line per case, and everything that is known about each failure.
struct PrettyReport: RunReport {
    let isColored: Bool
    /// Whether cases that passed are listed, too.
    let isVerbose: Bool
    /// Makes text of a server safe for a terminal.
    let escape: @Sendable (String) -> String
    /// What is known of each case in the cells of a matrix, in the order of the cases.
    private var cells: [CellReport] = []
    /// The first case of each that could not be judged for the same reason, by the file, the server and the reason.
    private var errors: [String: String] = [:]

    init(isColored: Bool, isVerbose: Bool, escape: @escaping @Sendable (String) -> String) {
        self.isColored = isColored
        self.isVerbose = isVerbose
        self.escape = escape
    }

    /// One case in all cells.
    private struct CellReport {
        var name: String
        /// The cells by outcome and failure, the first of each.
        var groups: [(signature: String, outcome: CaseOutcome, cells: [String])] = []

        /// The cells by outcome alone: if a case fails everywhere, its messages already say how.
        var outcomes: [(outcome: CaseOutcome, cells: [String])] {
            groups.reduce(into: []) { outcomes, group in
                if let index = outcomes.firstIndex(where: { $0.outcome == group.outcome }) {
                    outcomes[index].cells += group.cells
                } else {
                    outcomes.append((group.outcome, group.cells))
                }
            }
        }
    }

    private enum Color: String {
        case good = "1;32"
        case bad = "1;31"
        case doubtful = "1;33"
        case faint = "2"
    }

    mutating func text(for event: RunEvent) -> String {
        switch event {
        case .runStarted, .caseStarted: ""
        case .caseFinished(let result): known(result).map { shortText(for: result, asIn: $0) } ?? text(for: result)
        case .runFinished(let summary): differences + "\(colored(summary))\n"
        }
    }

    // MARK: - What is said once

    /// Where the same failure is shown already; nil if it is not.
    private mutating func known(_ result: CaseResult) -> String? {
        if let cell = note(result) { return "[\(cell)]" }
        guard result.outcome == .error else { return nil }
        let name = errors[Self.signature(of: result)]
        errors[Self.signature(of: result), default: result.name] = name ?? result.name
        return name.map { "\"\($0)\"" }
    }

    private static func signature(of result: CaseResult) -> String {
        let failures = result.failures.map { "\($0.check)\n\($0.message)" }
        return ([result.file, result.server, result.reason ?? ""] + failures).joined(separator: "\n")
    }

    /// Notes the outcome in a cell.
    ///
    /// - Returns: The cell in which the same case failed in the same way; nil if there is none.
    private mutating func note(_ result: CaseResult) -> String? {
        guard let cell = result.cell else { return nil }
        let name = "\(result.file): \(result.name.dropLast(cell.count + 3))"
        if cells.last?.name != name { cells.append(CellReport(name: name)) }
        let failures = result.failures.map { "\($0.check)\n\($0.message)" }.joined(separator: "\n")
        let signature = "\(result.outcome.rawValue)\n\(result.reason ?? "")\n\(failures)"
        let last = cells.count - 1
        if let index = cells[last].groups.firstIndex(where: { $0.signature == signature }) {
            cells[last].groups[index].cells.append(cell)
            return result.outcome.problem == nil ? nil : cells[last].groups[index].cells[0]
        }
        cells[last].groups.append((signature, result.outcome, [cell]))
        return nil
    }

    private func shortText(for result: CaseResult, asIn place: String) -> String {
        "\(word(result.outcome)) \(escape("\(result.file): \(result.name)")): as in \(escape(place))\n"
    }

    /// The cases whose cells differ, and how.
    private var differences: String {
        let different = cells.filter { $0.outcomes.count > 1 }
        guard !different.isEmpty else { return "" }
        var text = "Combinations that differ:\n"
        for report in different {
            let groups = report.outcomes.map { outcome, cells in
                "\(outcome.rawValue) in \(cells.map { "[\($0)]" }.joined(separator: " "))"
            }
            text += "  \(escape(report.name)): \(escape(groups.joined(separator: "; ")))\n"
        }
        return text
    }

    private func colored(_ summary: RunSummary) -> String {
        let color: Color =
            summary.failed + summary.errors > 0
            ? .bad : summary.ranNothing || summary.wasInterrupted ? .doubtful : .good
        return applied(color, to: summary.verdict)
    }

    private func text(for result: CaseResult) -> String {
        let attempts = result.attempts > 1 && !result.isFlaky ? ", \(result.attempts) attempts" : ""
        let time = result.outcome == .skipped ? "" : applied(.faint, to: " (\(result.elapsed.shown)\(attempts))")
        let name = escape("\(result.file): \(result.name)")
        switch result.outcome {
        case .passed:
            if result.isFlaky {
                return "\(applied(.doubtful, to: "FLAKY")) \(name)\(time): passed in attempt \(result.attempts)\n"
                    + variations(result)
            }
            guard isVerbose || result.failedAsExpected != nil || !result.variations.isEmpty else { return "" }
            let note =
                result.failedAsExpected.map { ": failed as expected (\(escape($0)))" }
                ?? result.instances.map { ": \($0)" } ?? ""
            return "\(applied(.good, to: "PASS")) \(name)\(time)\(note)\n" + variations(result)
        case .skipped:
            return "\(applied(.doubtful, to: "SKIP")) \(name): \(escape(result.reason ?? ""))\n"
        case .warning, .failed, .error:
            return "\(word(result.outcome)) \(name)\(time)\n\(details(result))\(variations(result))"
        }
    }

    private func word(_ outcome: CaseOutcome) -> String {
        applied(outcome == .warning ? .doubtful : .bad, to: outcome.problem ?? "")
    }

    private func details(_ result: CaseResult) -> String {
        var lines: [String] = []
        if let reason = result.reason { lines.append("  \(escape(reason))") }
        for step in result.steps where !step.failures.isEmpty {
            let phase = step.phase == .steps ? "" : "\(step.phase.rawValue): "
            lines.append("  \(applied(.faint, to: escape("\(step.place)"))) \(phase)\(escape(step.title))")
            for failure in step.failures {
                lines.append("    \(applied(.bad, to: escape(failure.check))): \(escape(failure.message))")
                lines += failure.details.map { "      \(escape($0))" }
            }
            // Reports in files have more of it.
            if let value = step.result, !step.failures.contains(where: { $0.check == "is_error" }) {
                lines.append("    result: \(applied(.faint, to: escape(Excerpt.of(line: value))))")
            }
            lines += step.shownStderr.map { "    \(applied(.faint, to: escape($0)))" }
            lines += step.notes.map { "    note: \(escape($0))" }
        }
        if let command = result.command { lines.append("  Repeat: \(escape(command))") }
        return lines.map { $0 + "\n" }.joined()
    }

    private func variations(_ result: CaseResult) -> String {
        guard !result.variations.isEmpty else { return "" }
        var lines = ["  Differs between the runs:"]
        lines += result.variations.map { "    \(escape($0.step)) \($0.pointer.isEmpty ? "/" : $0.pointer): \($0.kind)" }
        return lines.map { $0 + "\n" }.joined()
    }

    private func applied(_ color: Color, to text: String) -> String {
        isColored ? "\u{1B}[\(color.rawValue)m\(text)\u{1B}[0m" : text
    }
}

extension CaseOutcome {
    /// The word for a case that did not go as it should; nil for the others.
    fileprivate var problem: String? {
        switch self {
        case .failed: "FAIL"
        case .error: "ERROR"
        case .warning: "WARN"
        case .passed, .skipped: nil
        }
    }
}
