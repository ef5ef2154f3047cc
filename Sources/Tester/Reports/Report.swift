public import JSON

/// What the engine says to a question: the same object for an assistant, a terminal and a script.
///
/// First the verdict, a line that a reader may stop at; then what users of the first mcp-test-mcp know; then the
/// target's own words, verbatim, under keys that say so; then failure class, evidence and next step.
public struct Report: Sendable {
    /// How it came out.
    public var outcome: Outcome
    /// The line that a reader may stop at, without the outcome's word.
    public var summary: String
    /// The members of the object after verdict and success.
    public var members: [Member] = []
    /// What went wrong, if something did.
    public var failure: Failure?
    /// Faults of the target that did not keep it from answering.
    public var findings: [Finding] = []
    /// What the target wants to know first, if it does.
    public internal(set) var pending: PendingInput?

    /// A named part of an answer.
    public struct Member: Sendable {
        /// The name.
        public var key: String
        /// The value.
        public var value: Part
    }

    /// A value of an answer: made here, or taken over from the target as it was received.
    public enum Part: Sendable {
        /// Something of ours.
        case value(JSONValue)
        /// Text that is passed on, small enough never to be cut.
        case text(JSONText)
        /// Something of the target that may be large: cut, counted and marked where a reader's room is limited.
        case payload(JSONText)
        /// Named parts.
        case object([Member])
        /// Parts in order; a long list of payloads is cut as one.
        case list([Part])
    }

    /// A fault of the target that was noticed beside the answer.
    public struct Finding: Sendable, Hashable {
        /// What kind of fault.
        public var failureClass: FailureClass
        /// What was noticed.
        public var message: String
        /// What was seen.
        public var evidence: JSONObject

        /// Creates a finding.
        public init(_ failureClass: FailureClass, _ message: String, evidence: JSONObject = [:]) {
            self.failureClass = failureClass
            self.message = message
            self.evidence = evidence
        }
    }

    /// Creates an answer to be filled in.
    public init(_ outcome: Outcome, _ summary: String) {
        self.outcome = outcome
        self.summary = summary
    }

    /// The first line of the answer: one line, also where a target's message in it has several.
    ///
    /// What passed although there are findings says how many, for a reader may stop here.
    public var verdict: String {
        let line =
            summary.hasLineBreak ? summary.split(whereSeparator: \.isNewline).joined(separator: " ") : summary
        guard failure == nil, !findings.isEmpty else { return "\(outcome.rawValue): \(line)" }
        return "\(outcome.rawValue): \(line); \(findings.count) finding\(findings.count == 1 ? "" : "s")"
    }

    /// Adds a member of ours.
    public mutating func add(_ key: String, _ value: JSONValue) {
        members.append(Member(key: key, value: .value(value)))
    }

    /// Adds a part.
    public mutating func add(_ key: String, _ part: Part) {
        members.append(Member(key: key, value: part))
    }
}

extension Report {
    /// Creates the answer for a failure, with the tool's own empty payload where users expect one.
    public init(_ failure: Failure, emptyPayload: (key: String, value: JSONValue)? = nil, context: String = "") {
        self.init(failure.outcome, failure.message + context)
        self.failure = failure
        if let emptyPayload { add(emptyPayload.key, emptyPayload.value) }
    }

    /// Everything after the verdict in the order in which it is written.
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
        return parts
    }
}

extension Report.Finding {
    var json: JSONValue {
        var object: JSONObject = ["failure_class": .string(failureClass.rawValue), "message": .string(message)]
        if !evidence.isEmpty { object["evidence"] = .object(evidence) }
        return .object(object)
    }
}

extension String {
    fileprivate var hasLineBreak: Bool {
        utf8.withContiguousStorageIfAvailable { $0.contains { $0 == 0x0A || $0 == 0x0D } } ?? true
    }
}
