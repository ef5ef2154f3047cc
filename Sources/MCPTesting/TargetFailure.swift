public import JSON
import Tester

/// Why a target could not be used, as the tester reports it: it did not start, crashed, was silent, or broke the protocol
/// or its own schemas.
public struct TargetFailure: Error, CustomStringConvertible {
    /// The whole report, with the evidence and without secrets.
    public let report: JSONValue
    /// What happened, what the server wrote to its standard error, and what to try next.
    public let description: String

    init(_ report: Report, of session: TesterSession) {
        var report = report
        report.redactor = session.redactor
        report.reword(.command)
        self.report = report.structured.value()
        description = Self.description(of: self.report)
    }

    private static func description(of report: JSONValue) -> String {
        var lines = [report["error"]?["message"]?.string ?? report["verdict"]?.string ?? ""]
        if let result = report["target_result"] ?? report["target_error"] { lines.append("The server sent: \(result)") }
        let server = report["evidence"]?["server"]
        for line in server?["stderr_tail"]?.array?.suffix(shownLines) ?? [] {
            lines.append("stderr: \(line.string ?? "")")
        }
        if let advice = report["error"]?["suggestion"]?.string, !advice.isEmpty { lines.append("Next step: \(advice)") }
        return lines.joined(separator: "\n")
    }

    private static let shownLines = 10
}
