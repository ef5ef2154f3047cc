import JSON
import Tester

/// The faults that the verdict does not name, the most serious first.
extension ReportRenderer {
    /// Writes the findings by severity, and below those that break the same rule its address.
    ///
    /// - Parameter advice: The findings of a test that are not faults, as the report has them.
    mutating func writeFindings(of report: Report, advice: JSONValue?) {
        let advice = (advice?.array ?? []).map { ShownFinding(advice: $0) }
        let findings = report.findings.map { ShownFinding($0, rule: report.rule(of: $0)) } + advice
        for severity in Severity.allCases {
            let group = findings.filter { $0.severity == severity }
            guard !group.isEmpty else { continue }
            section("\(severity.title) (\(group.count))")
            for rule in group.map(\.rule).unique {
                for finding in group where finding.rule == rule { write(finding) }
                if let rule { line(Span("Rule: \(rule)", .faint), indent: 4) }
            }
        }
    }

    private mutating func write(_ finding: ShownFinding) {
        line(
            Span(finding.severity.sign, finding.severity.role),
            Span("\(finding.failureClass) ", .faint),
            "\(finding.message)",
            indent: 2
        )
        if let text = finding.text { line(Span(Self.shortened(text), .faint), indent: 6, hanging: 0) }
    }
}

/// A finding as it is written.
private struct ShownFinding {
    let severity: Severity
    let failureClass: String
    let message: String
    /// The text of the target that shows it.
    let text: String?
    let rule: String?

    init(_ finding: Finding, rule: String?) {
        severity = finding.severity
        failureClass = finding.failureClass.rawValue
        message = finding.message
        text = finding.evidence["text"]?.string
        self.rule = rule
    }

    init(advice: JSONValue) {
        severity = .advice
        failureClass = advice["failure_class"]?.string ?? ""
        message = advice["message"]?.string ?? ""
        text = advice["evidence"]?["text"]?.string
        rule = advice["rule"]?.string
    }
}

extension Severity {
    fileprivate var title: String {
        switch self {
        case .error: "Errors"
        case .warning: "Warnings"
        case .advice: "Advice"
        }
    }

    fileprivate var sign: String {
        switch self {
        case .error: "! "
        case .warning: "~ "
        case .advice: "- "
        }
    }

    fileprivate var role: Style.Role {
        switch self {
        case .error: .bad
        case .warning: .doubtful
        case .advice: .faint
        }
    }
}

extension [String?] {
    /// The elements in order, each once.
    fileprivate var unique: [String?] {
        var known: Set<String?> = []
        return filter { known.insert($0).inserted }
    }
}
