/// JUnit XML, as Jenkins, GitLab and others read it: one `testsuite` per file, written at the end.
struct JUnitReport: RunReport {
    private var results: [CaseResult] = []

    init() {}

    mutating func text(for event: RunEvent) -> String {
        switch event {
        case .runStarted, .caseStarted: return ""
        case .caseFinished(let result):
            results.append(result)
            return ""
        case .runFinished(let summary): return document(summary)
        }
    }

    private func document(_ summary: RunSummary) -> String {
        var lines = [#"<?xml version="1.0" encoding="UTF-8"?>"#]
        lines.append("<testsuites\(attributes(summary, name: "mcp-test-mcp"))>")
        var files: [String] = []
        for result in results where !files.contains(result.file) { files.append(result.file) }
        for file in files {
            let cases = results.filter { $0.file == file }
            var part = RunSummary()
            for result in cases {
                part.add(result)
                part.elapsed += result.elapsed
            }
            lines.append("  <testsuite\(attributes(part, name: file))>")
            for result in cases { lines += element(result).map { "    \($0)" } }
            lines.append("  </testsuite>")
        }
        lines.append("</testsuites>")
        return lines.joined(separator: "\n") + "\n"
    }

    private func attributes(_ summary: RunSummary, name: String) -> String {
        " name=\(XML.quoted(name)) tests=\"\(summary.total)\" failures=\"\(summary.failed)\" errors=\"\(summary.errors)\""
            + " skipped=\"\(summary.skipped)\" time=\"\(summary.elapsed.secondsText)\""
    }

    private func element(_ result: CaseResult) -> [String] {
        var children: [String] = []
        var properties: [(String, String)] = []
        if result.isFlaky { properties.append(("flaky", "passed in attempt \(result.attempts)")) }
        if let reason = result.failedAsExpected { properties.append(("failed_as_expected", reason)) }
        if result.outcome == .warning { properties.append(("warning", result.headline ?? "")) }
        if let instances = result.instances { properties.append(("instances", instances)) }
        if !properties.isEmpty {
            children.append("<properties>")
            children += properties.map { "  <property name=\(XML.quoted($0)) value=\(XML.quoted($1))/>" }
            children.append("</properties>")
        }
        let message = XML.quoted(result.headline ?? "")
        switch result.outcome {
        case .passed: break
        // Its consumers know no warnings.
        case .warning: children.append("<system-out>\(XML.escaped(result.failureText))</system-out>")
        case .skipped: children.append("<skipped message=\(message)/>")
        case .failed:
            let type = XML.quoted(result.failures.first?.check ?? "case")
            children.append("<failure message=\(message) type=\(type)>\(XML.escaped(result.failureText))</failure>")
        case .error:
            children.append("<error message=\(message) type=\"error\">\(XML.escaped(result.failureText))</error>")
        }
        let place = result.failurePlace
        let start =
            "<testcase name=\(XML.quoted(result.name)) classname=\(XML.quoted(result.file))"
            + " file=\(XML.quoted(result.file))\(place.hasLine ? " line=\"\(place.line)\"" : "")"
            + " time=\"\(result.elapsed.secondsText)\""
        return children.isEmpty ? [start + "/>"] : [start + ">"] + children.map { "  \($0)" } + ["</testcase>"]
    }
}

/// Text in XML and HTML.
enum XML {
    static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            default: result.unicodeScalars.append(isAllowed(scalar) ? scalar : "\u{FFFD}")
            }
        }
        return result
    }

    static func quoted(_ text: String) -> String {
        let line = escaped(text).split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "&#10;")
        return "\"\(line)\""
    }

    /// Source: XML 1.0, production 2.
    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0A, 0x0D, 0x20...0xD7FF, 0xE000...0xFFFD, 0x10000...0x10FFFF: true
        default: false
        }
    }
}
