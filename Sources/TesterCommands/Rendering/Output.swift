import JSON
import Tester

/// Turns an answer into what is printed.
enum Output {
    /// The forms of an answer.
    enum Format {
        /// Exactly the object that an assistant gets.
        case json
        /// The same value, written so that nothing in it can steer a terminal.
        case jsonForTerminal
        /// A text for people.
        case text(Style)
    }

    /// The bytes to print, with their last line feed.
    static func render(_ answer: Report, as format: Format) -> [UInt8] {
        switch format {
        case .json: return Array(answer.structured.bytes) + [0x0A]
        case .jsonForTerminal: return Array(SafeText.escapeJSON(answer.structured.description).utf8) + [0x0A]
        case .text(let style):
            var report = ReportRenderer(style)
            report.write(answer)
            return Array(report.text.utf8)
        }
    }
}

extension ReportRenderer {
    /// Writes the verdict, what the target said, what is wrong, and what to try.
    mutating func write(_ answer: Report) {
        let word = answer.outcome.rawValue
        line(Span(word, answer.outcome.role), "\(answer.verdict.dropFirst(word.count))")
        if let failure = answer.failure { writeSent(failure.details["arguments"]) }
        let object = answer.structured.value().object ?? [:]
        for member in object.members { write(member) }
        if let failure = answer.failure { writeEvidence(of: failure) }
        write(answer.findings)
        if let failure = answer.failure, !failure.nextStep.isEmpty {
            gap()
            line(Span("Next step: ", .heading), "\(failure.nextStep)")
        }
    }

    /// A part of the answer, each in the form that suits it; what nobody knows is shown as JSON, lest it get lost.
    private mutating func write(_ member: JSONObject.Member) {
        let value = member.value
        switch member.key {
        // Said by the verdict, the failure and the findings already, or of no use to a person.
        case "verdict", "success", "metadata", "error", "findings", "failure_class", "evidence", "next_step": break
        case "tools": writeTools(value)
        case "resources": writeResources(value, title: "Resources")
        case "resource_templates": writeResources(value, title: "Resource templates")
        case "prompts": writePrompts(value)
        case "summary": writeServer(value)
        case "tool_call": writeToolCall(value)
        case "resource": writeResource(value)
        case "prompt": writePrompt(value)
        case "response": writeResponse(value)
        case "target_error": writeJSON("The server's error", value)
        case "target_response": writeJSON("The server's response", value)
        case "target_result": writeResult(value)
        case "events": writeEvents(value)
        case "events_left_out": writeLeftOut(value)
        case "questions": writeQuestions(value)
        // For whoever can go on by later calls.
        case "status", "call_id", "expires_in_seconds": break
        case "checks": writeChecks(value)
        default: writeJSON(member.key, value)
        }
    }

    /// A titled value as JSON over several lines.
    mutating func writeJSON(_ title: String, _ value: JSONValue) {
        guard !value.isNull else { return }
        section(title)
        block(value.prettyPrinted, indent: 2)
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
