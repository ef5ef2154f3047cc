import JSON
import Platform
import Tester

/// What scripts read on standard error after every run that did not pass: one line of JSON.
struct ErrorLine: Sendable {
    /// The failure class, which is also `usage` and `cancelled`.
    var code: String
    /// What happened.
    var message: String
    /// The evidence in short, where there is any.
    var cause: String?
    /// What to try.
    var nextStep: String?
    /// What the target asks, where nobody could be asked.
    var questions: JSONValue?
    /// How the program ends.
    var exit: Exit

    /// A command line that cannot be understood.
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

    /// Nothing if the answer passed.
    init?(_ answer: Report) {
        guard answer.outcome != .pass else { return nil }
        exit = Exit(answer)
        let first = answer.findings.first
        let isAsked = answer.pending != nil
        code =
            (answer.failure?.failureClass ?? (isAsked ? .needsInput : first?.failureClass) ?? .protocolError).rawValue
        message = answer.failure?.message ?? answer.summary
        cause = answer.failure.map(Self.cause) ?? first?.message
        nextStep = answer.failure?.nextStep
        if isAsked {
            questions = answer.structured.value()["questions"]
            nextStep =
                "Prepare answers with --answer or --answers, choose a --policy, or run it at a terminal to be asked."
        }
    }

    /// Somebody pressed Ctrl-C, or the system wants us gone.
    init(interruptedBy signal: Int32) {
        code = FailureClass.cancelled.rawValue
        message = signal == SIGINT ? "Interrupted." : "Ended by \(Self.names[signal] ?? "a signal")."
        exit = .interrupted(signal: signal)
    }

    private static let names = [SIGHUP: "SIGHUP", SIGQUIT: "SIGQUIT", SIGTERM: "SIGTERM"]

    /// The line with its end.
    var line: String {
        var error: JSONObject = ["code": .string(code), "message": .string(message)]
        if let cause { error["cause"] = .string(cause) }
        if let nextStep { error["next_step"] = .string(nextStep) }
        if let questions { error["questions"] = questions }
        error["exit_code"] = JSONValue(exit.code)
        let object: JSONValue = ["error": .object(error)]
        return SafeText.escapeJSON(object.description) + "\n"
    }

    /// What the target said or did, on one line.
    private static func cause(of failure: Failure) -> String? {
        var parts: [String] = []
        if let end = failure.evidence["connection_ended"]?.string { parts.append(end) }
        let tail = failure.evidence["server"]?["stderr_tail"]?.array?.compactMap(\.string) ?? []
        if let line = tail.last(where: { $0.contains { !$0.isWhitespace } }) { parts.append("standard error: \(line)") }
        if let said = failure.targetSaid.first(where: { $0.key == "target_error" }) {
            parts.append("the server's error: \(shortened(said.text.description))")
        }
        return parts.isEmpty ? nil : parts.joined(separator: "; ")
    }

    private static func shortened(_ text: String) -> String {
        text.count > 300 ? text.prefix(300) + "…" : text
    }
}
