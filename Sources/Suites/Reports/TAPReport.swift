import JSON

/// The Test Anything Protocol, version 14.
struct TAPReport: RunReport {
    mutating func text(for event: RunEvent) -> String {
        switch event {
        case .runStarted(let cases, _, _): "TAP version 14\n1..\(cases)\n"
        case .caseStarted: ""
        case .caseFinished(let result): point(result)
        case .runFinished(let summary):
            summary.wasInterrupted ? "Bail out! interrupted\n" : "# \(Self.escaped(summary.verdict))\n"
        }
    }

    private func point(_ result: CaseResult) -> String {
        let isOK = result.outcome != .failed && result.outcome != .error
        var line = "\(isOK ? "ok" : "not ok") \(result.index + 1) - \(Self.escaped("\(result.file): \(result.name)"))"
        if result.outcome == .skipped { line += " # SKIP \(Self.escaped(result.reason ?? ""))" }
        var text = line + "\n"
        let isWarning = result.outcome == .warning
        guard !isOK || isWarning || result.isFlaky || result.failedAsExpected != nil else { return text }
        // YAML in which every text is quoted as JSON does it.
        var members: [(String, JSONValue)] = []
        if let headline = result.headline { members.append(("message", .string(headline))) }
        let severity = isWarning ? "warning" : isOK ? "comment" : result.outcome == .error ? "error" : "fail"
        members.append(("severity", .string(severity)))
        if !isOK || isWarning {
            let place = result.failurePlace
            var at: JSONObject = ["file": .string(place.file)]
            if place.hasLine { at["line"] = JSONValue(place.line) }
            members.append(("at", .object(at)))
            members.append(("detail", .string(result.failureText)))
        }
        if result.isFlaky { members.append(("flaky", .string("passed in attempt \(result.attempts)"))) }
        if let reason = result.failedAsExpected { members.append(("failed_as_expected", .string(reason))) }
        text += "  ---\n"
        for (key, value) in members { text += "  \(key): \(value)\n" }
        return text + "  ...\n"
    }

    private static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "#": result += "\\#"
            case "\\": result += "\\\\"
            case "\n", "\r": result += " "
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
