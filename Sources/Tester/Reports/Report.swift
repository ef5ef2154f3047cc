public import JSON

/// The report on one operation: the same object for an assistant, a terminal and a script.
///
/// The verdict comes first, a line after which a reader may stop; then the keys of the first mcp-test-mcp; then the
/// target's own words, verbatim, under keys that say so; then failure class, evidence and next step.
public struct Report: Sendable {
    /// A fault of the target, as every part of the tester reports it.
    public typealias Finding = Tester.Finding

    /// The outcome.
    public var outcome: Outcome
    /// The verdict without the outcome and the number of findings.
    public var summary: String
    /// The members of the object after verdict and success.
    public var members: [Member] = []
    /// What went wrong, if something did.
    public var failure: Failure?
    /// Faults of the target that did not prevent a result.
    public var findings: [Finding] = []
    /// The input that the target requests before it goes on, if it does.
    public internal(set) var pending: PendingInput?
    /// Replaces the secrets of the session in everything that the report shows.
    public var redactor = Redactor()

    /// A named part of a report.
    public struct Member: Sendable {
        /// The name.
        public var key: String
        /// The value.
        public var value: Part
    }

    /// A value in a report: created here, or taken from the target as received.
    public enum Part: Sendable {
        /// A value created here.
        case value(JSONValue)
        /// Text from the target that is small enough never to be cut.
        case text(JSONText)
        /// Text from the target that may be large: it is cut to the budget of the reader.
        case payload(JSONText)
        /// Named parts.
        case object([Member])
        /// Parts in order; a long list of payloads is cut as one.
        case list([Part])
    }

    /// Creates a report without members.
    public init(_ outcome: Outcome, _ summary: String) {
        self.outcome = outcome
        self.summary = summary
    }

    /// The first line of the report: the outcome, the summary, and the number of findings if nothing failed.
    public var verdict: String {
        let line =
            summary.hasLineBreak ? summary.split(whereSeparator: \.isNewline).joined(separator: " ") : summary
        guard failure == nil, !findings.isEmpty else { return "\(outcome.rawValue): \(line)" }
        return "\(outcome.rawValue): \(line); \(findings.count) finding\(findings.count == 1 ? "" : "s")"
    }

    /// Adds a value created here.
    public mutating func add(_ key: String, _ value: JSONValue) {
        members.append(Member(key: key, value: .value(value)))
    }

    /// Adds a part.
    public mutating func add(_ key: String, _ part: Part) {
        members.append(Member(key: key, value: part))
    }
}

extension Report {
    /// Creates the report on a failure.
    ///
    /// - Parameters:
    ///   - emptyPayload: The member in which users of the first mcp-test-mcp expect the payload.
    ///   - context: What is appended to the verdict, such as the connection.
    public init(_ failure: Failure, emptyPayload: (key: String, value: JSONValue)? = nil, context: String = "") {
        self.init(failure.outcome, failure.headline + context)
        self.failure = failure
        if let emptyPayload { add(emptyPayload.key, emptyPayload.value) }
    }

    /// All members, in the order in which they are written.
    var parts: [Member] {
        var parts: [Member] = []
        parts.reserveCapacity(members.count + 6)
        parts.append(Member(key: "verdict", value: .value(.string(verdict))))
        parts.append(Member(key: "success", value: .value(.bool(failure == nil && pending == nil))))
        if let failure {
            let error: JSONObject = [
                "error_type": .string(failure.errorType.rawValue),
                "message": .string(failure.message),
                "details": .object(failure.details),
                "suggestion": .string(failure.nextStep),
            ]
            parts += members.filter { $0.key != "metadata" }
            parts.append(Member(key: "error", value: .value(.object(error))))
            parts += members.filter { $0.key == "metadata" }
            parts += failure.targetSaid.map { Member(key: $0.key, value: .payload($0.text)) }
        } else {
            parts += members
        }
        if !findings.isEmpty { parts.append(Member(key: "findings", value: .value(.array(findings.map(\.json))))) }
        if let failure {
            parts.append(Member(key: "failure_class", value: .value(.string(failure.failureClass.rawValue))))
            parts.append(Member(key: "evidence", value: .value(.object(failure.evidence))))
            parts.append(Member(key: "next_step", value: .value(.string(failure.nextStep))))
        }
        // Before anything is cut, so that no beginning of a secret is left.
        return redactor.isEmpty ? parts : parts.map(redactor.redact)
    }
}

extension Failure {
    /// The first sentence of the message, which is enough for a verdict; the report has the whole message once.
    fileprivate var headline: String {
        let end = message.indices.first { index in
            guard ".?!".contains(message[index]) else { return false }
            let next = message.index(after: index)
            return next < message.endIndex && message[next] == " "
        }
        return end.map { String(message[...$0]) } ?? message
    }
}

extension String {
    fileprivate var hasLineBreak: Bool {
        utf8.withContiguousStorageIfAvailable { $0.contains { $0 == 0x0A || $0 == 0x0D } } ?? true
    }
}
