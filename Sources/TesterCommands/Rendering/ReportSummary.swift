import JSON
import Tester

/// The last line of a report: how many faults there are in how much, and how long it took.
struct ReportSummary {
    /// The number of findings of each severity.
    private let counts: [Severity: Int]
    /// How many entries of each kind were examined, in words.
    private let subjects: [String]
    /// Whether the counts are those of all that was found.
    private let countsFindings: Bool
    private let elapsed: Duration?

    /// Counts what a report has.
    ///
    /// - Parameter elapsed: The time that the command took; nil if a person was prompted meanwhile.
    init(_ report: Report, elapsed: Duration?) {
        let object = report.structured.value()
        var counts: [Severity: Int] = [:]
        for finding in report.findings { counts[finding.severity, default: 0] += 1 }
        counts[.advice, default: 0] += object["advice"]?.array?.count ?? 0
        // The failure of a test is its first finding.
        let isNamed = report.findings.contains { report.failure?.message.contains($0.message) ?? false }
        if report.failure != nil, !isNamed { counts[.error, default: 0] += 1 }
        // What is not a finding is counted where it is shown, as the checks of the specification are in the verdict.
        if let errors = object["errors"]?.array?.count { counts[.error] = max(errors, counts[.error] ?? 0) }
        countsFindings = object["conformance"] == nil
        self.counts = counts
        let totals = object["summary"]?["total_tools"] == nil ? object["metadata"] : object["summary"]
        subjects = Self.kinds.compactMap { key, noun in
            guard let total = totals?["total_\(key)"]?.int, total > 0 else { return nil }
            return Self.count(total, noun)
        }
        self.elapsed = elapsed
    }

    private static let kinds = [
        ("tools", "tool"), ("resources", "resource"), ("resource_templates", "resource template"),
        ("prompts", "prompt"),
    ]

    /// The line, such as `3 errors, 1 warning in 12 tools, 2 resources; 0.4 s`.
    var text: String {
        guard countsFindings else { return elapsed.map { "Checked in \(Self.seconds($0))" } ?? "Checked" }
        var parts: [String] = []
        if let errors = counts[.error], errors > 0 { parts.append(Self.count(errors, "error")) }
        if let warnings = counts[.warning], warnings > 0 { parts.append(Self.count(warnings, "warning")) }
        if let advice = counts[.advice], advice > 0 { parts.append("\(Self.count(advice, "piece")) of advice") }
        var text = parts.isEmpty ? "No findings" : parts.joined(separator: ", ")
        if !subjects.isEmpty { text += " in \(subjects.joined(separator: ", "))" }
        if let elapsed { text += "; \(Self.seconds(elapsed))" }
        return text
    }

    private static func count(_ number: Int, _ noun: String) -> String {
        "\(number) \(noun)\(number == 1 ? "" : "s")"
    }

    /// Seconds with one decimal, or two below a tenth.
    private static func seconds(_ duration: Duration) -> String {
        let milliseconds = duration / .milliseconds(1)
        if milliseconds < 100 { return "\(max(1, (milliseconds / 10).rounded()) / 100) s" }
        return "\((milliseconds / 100).rounded() / 10) s"
    }
}
