public import JSON

/// A fault of the target that was noticed beside the result.
public struct Finding: Sendable, Hashable {
    /// The kind of fault.
    public var failureClass: FailureClass
    /// What was noticed.
    public var message: String
    /// The facts that show it.
    public var evidence: JSONObject
    /// What to do about it; nil if that follows from the kind.
    public var nextStep: String?

    /// Creates a finding.
    public init(
        _ failureClass: FailureClass,
        _ message: String,
        evidence: JSONObject = [:],
        nextStep: String? = nil
    ) {
        self.failureClass = failureClass
        self.message = message
        self.evidence = evidence
        self.nextStep = nextStep
    }

    /// What to do about it.
    var advice: String {
        if let nextStep { return nextStep }
        return switch failureClass {
        case .stdoutPollution: Diagnosis.logToStandardError
        case .usage: "Correct what the finding names."
        default: "Fix what the findings name in the server, and try again."
        }
    }

    var json: JSONValue {
        var object: JSONObject = ["failure_class": .string(failureClass.rawValue), "message": .string(message)]
        if !evidence.isEmpty { object["evidence"] = .object(evidence) }
        return .object(object)
    }
}
