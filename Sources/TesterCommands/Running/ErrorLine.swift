import JSON
import Platform
import Tester

/// The line of JSON on standard error that ends every run with a non-zero exit code, for scripts.
struct ErrorLine: Sendable {
    /// A failure class, or `output` if standard output could not be written.
    var code: String
    /// What happened.
    var message: String
    /// How the server ended, or the error it sent.
    var cause: String?
    /// What to try.
    var nextStep: String?
    /// The input requests of the target that no one could answer.
    var questions: JSONValue?
    /// How the program exits.
    var exit: Exit

    /// A command line that is invalid.
    init(usage message: String) {
        code = FailureClass.usage.rawValue
        self.message = message
        nextStep = "See \(Program.name) --help."
        exit = .misused
    }

    init(_ failure: Failure) {
        code = failure.failureClass.rawValue
        message = failure.message
        cause = Self.cause(of: failure)
        nextStep = failure.nextStep.isEmpty ? nil : failure.nextStep
        exit = Exit(failure.outcome, failure.failureClass)
    }

    /// Nil if the report passed.
    init?(_ report: Report) {
        guard report.outcome != .pass else { return nil }
        exit = Exit(report)
        let first = report.findings.first
        let needsInput = report.pending != nil
        let failureClass = report.failure?.failureClass ?? (needsInput ? .needsInput : first?.failureClass)
        code = (failureClass ?? .protocolError).rawValue
        message = report.failure?.message ?? report.summary
        // What was found besides did not make the target ask.
        cause = needsInput ? nil : report.failure.map(Self.cause) ?? first?.message
        nextStep = report.failure?.nextStep
        if needsInput {
            questions = report.structured.value()["questions"]
            nextStep = report.nextStep
        }
    }

    /// A signal that interrupted the command.
    init(interruptedBy signal: Int32) {
        code = FailureClass.cancelled.rawValue
        message =
            switch signal {
            case SIGINT: "Interrupted."
            case SIGHUP: "Ended by SIGHUP."
            case SIGQUIT: "Ended by SIGQUIT."
            default: "Ended by SIGTERM."
            }
        exit = .interrupted(signal: signal)
    }

    /// Standard output could not be written, for the reason of an `errno` value.
    init(outputError error: Int32) {
        code = "output"
        message = "Could not write to standard output: \(String(cString: strerror(error))). The report is incomplete."
        exit = .inconclusive
    }

    /// The line with its line feed.
    var line: String {
        var error: JSONObject = ["code": .string(code), "message": .string(message)]
        if let cause { error["cause"] = .string(cause) }
        if let nextStep { error["next_step"] = .string(nextStep) }
        if let questions { error["questions"] = questions }
        error["exit_code"] = JSONValue(exit.code)
        let object: JSONValue = ["error": .object(error)]
        return SafeText.escapeJSON(object.description) + "\n"
    }

    /// What the target sent or how it ended, on one line.
    private static func cause(of failure: Failure) -> String? {
        var parts: [String] = []
        if let end = failure.evidence["connection_ended"]?.string { parts.append(end) }
        // Other last lines of standard error are those of a log.
        if failure.failureClass == .crashed {
            let tail = failure.standardError
            if let line = tail.last(where: { $0.contains { !$0.isWhitespace } }), Self.namesFault(line) {
                parts.append("standard error: \(line.split(separator: " ").joined(separator: " "))")
            }
        }
        if let error = failure.targetSaid.first(where: { $0.key == "target_error" }) {
            parts.append("the server's error: \(shortened(error.text.description))")
        }
        return parts.isEmpty ? nil : parts.joined(separator: "; ")
    }

    /// Whether a line looks like an exception or a panic, such as `ValueError: x`, and not like one of a log.
    private static func namesFault(_ line: String) -> Bool {
        let kind = line.drop(while: \.isWhitespace).prefix { $0 != ":" && !$0.isWhitespace }
        return ["Error", "Exception", "panic"].contains(where: kind.hasSuffix)
    }

    private static func shortened(_ text: String) -> String {
        text.count > 300 ? text.prefix(300) + "…" : text
    }
}
