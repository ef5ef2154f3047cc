import JSON
import Tester

/// Renders a report for printing.
enum Output {
    enum Format {
        /// Exactly the object that an assistant receives.
        case json
        /// The same value, escaped so that nothing in it can control a terminal.
        case jsonForTerminal
        /// A text for people.
        case text(Style)
    }

    /// The bytes to print, with the final line feed.
    ///
    /// - Parameter summary: The last line of a text.
    static func render(_ report: Report, as format: Format, summary: ReportSummary? = nil) -> [UInt8] {
        switch format {
        case .json: return Array(report.structured.bytes) + [0x0A]
        case .jsonForTerminal: return Array(SafeText.escapeJSON(report.structured.description).utf8) + [0x0A]
        case .text(let style):
            var renderer = ReportRenderer(style)
            renderer.write(report)
            if let summary { renderer.write(summary) }
            return Array(renderer.text.utf8)
        }
    }
}

extension ReportRenderer {
    /// Writes the verdict, what the target sent, the findings and the next step.
    mutating func write(_ report: Report) {
        let word = report.outcome.rawValue
        let object = report.structured.value().object ?? [:]
        let time = object["tool_call"]?["execution"]?["duration_ms"].map { " (\($0) ms)" } ?? ""
        line(Span(word, report.outcome.role), "\(report.verdict.dropFirst(word.count))\(time)")
        if let failure = report.failure { writeSent(failure.details["arguments"]) }
        // These are events of the whole connection.
        if object["last_number"] != nil { eventsTitle = "Events" }
        for member in object.members where !isRepeated(member, in: report.verdict) { write(member) }
        if let failure = report.failure { writeEvidence(of: failure) }
        writeFindings(of: report, advice: object["advice"])
        if let failure = report.failure, let rule = report.rule(of: failure),
            !report.findings.contains(where: { report.rule(of: $0) == rule })
        {
            gap()
            line(Span("Rule: \(rule)", .faint))
        }
        if let nextStep = report.failure?.nextStep ?? object["next_step"]?.string, !nextStep.isEmpty {
            gap()
            line(Span("Next step: ", .heading), "\(nextStep)")
        }
    }

    /// Writes the last line.
    mutating func write(_ summary: ReportSummary) {
        gap()
        line("\(summary.text)")
    }

    /// Whether a member says nothing new: a message that the verdict has, or the only connection once more.
    private func isRepeated(_ member: JSONObject.Member, in verdict: String) -> Bool {
        switch member.key {
        case "message": verdict.contains(member.value.string ?? "")
        case "connections": (member.value.array?.count ?? 0) < 2
        default: false
        }
    }

    /// Writes a member of the report in the form that suits it; an unknown member as JSON, so that nothing is lost.
    private mutating func write(_ member: JSONObject.Member) {
        let value = member.value
        switch member.key {
        // Already in the verdict, the failure and the findings, or of no use to a person.
        case "verdict", "success", "metadata", "error", "findings", "advice", "failure_class", "rule", "evidence",
            "next_step", "fingerprint", "failure_number", "repeat_with":
            break
        case "tools": writeTools(value)
        case "servers": writeServers(value)
        case "problems": writeProblems(value)
        case "notes": writeNotes(value)
        case "program": writeProgram(value)
        case "interpreters": writeInterpreters(value)
        case "hosts": writeHosts(value)
        case "settings": writeSettings(value)
        case "targets": writeTargets(value)
        case "files": writeBrokenFiles(value)
        case "looked_in": writeText("Looked in", value.array?.compactMap(\.string).joined(separator: "\n") ?? "")
        // Of installing: the verdict has the path.
        case "path", "changed": break
        case "backup": writeText("Backup of the old content", value.string ?? "")
        case "message": writeText("", value.string ?? "")
        case "resources": writeResources(value, title: "Resources")
        case "resource_templates": writeResources(value, title: "Resource templates")
        case "prompts": writePrompts(value)
        case "summary": writeServer(value)
        case "connected": break
        case "connection": writeConnection(value)
        case "tool_call": writeToolCall(value)
        case "resource": writeResource(value)
        case "prompt": writePrompt(value)
        case "response":
            if value["frames"] == nil { writeResponse(value) } else { writeMessage("Response", value) }
        case "llm_request": writeModelRequest(value)
        case "llm_response": writeModelResponse(value)
        case "parsed_response": writeJSON("JSON in the response", value)
        case "parsed_response_reason": break
        case "target_error": writeJSON("The server's error", value)
        case "target_response": writeJSON("The server's response", value)
        case "target_result": writeResult(value)
        case "events": writeEvents(value)
        case "events_left_out": writeOmittedEvents(value)
        case "questions": writeInputRequests(value)
        // For callers that can call `respond` later.
        case "status", "call_id", "expires_in_seconds", "last_number": break
        case "checks": writeChecks(value)
        case "exercised": writeExercised(value)
        case "not_exercised": writeNotExercised(value)
        // In the verdict.
        case "valid", "identical", "exchange", "compared", "era", "protocol_version", "token_cost": break
        case "signature": writeText("Signature", value)
        case "eras": writeEras(value)
        case "era_evidence": writeHandshake(value)
        case "instructions": writeText("Instructions", value)
        case "request": writeMessage("Request", value)
        case "differences": writeDifferences("Differences", value)
        case "volatile": writeDifferences("Differs in every run", value)
        case "errors": writeErrors(value)
        case "conformance": writeConformance(value)
        case "surface_changes": writeSurfaceChanges(value)
        case "change_counts": break
        case "skills": writeSkills(value)
        case "authorization": writeAuthorizations([value])
        case "authorizations": writeAuthorizations(value.array ?? [])
        case "steps": writeAuthorizationSteps(value)
        case "audit": writeAudit(value)
        // Counted for those who do not see every step.
        case "requests_sent", "examined", "counts": break
        case "content": writeText("Content", value)
        default: writeJSON(member.key, value)
        }
    }

    /// Writes a titled value as indented JSON.
    mutating func writeJSON(_ title: String, _ value: JSONValue) {
        guard !value.isNull else { return }
        section(title)
        block(value.prettyPrinted, indent: 2, hanging: 4)
    }
}

extension Outcome {
    fileprivate var role: Style.Role {
        switch self {
        case .pass: .good
        case .fail: .bad
        case .error, .needsInput: .doubtful
        }
    }
}
