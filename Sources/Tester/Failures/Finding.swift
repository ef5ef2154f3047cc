public import JSON

/// A fault of the target that was noticed beside the result.
public struct Finding: Sendable, Hashable {
    /// The kind of fault.
    public var failureClass: FailureClass
    /// What was noticed.
    public var message: String
    /// The facts that show it.
    public var evidence: JSONObject

    /// Creates a finding.
    public init(_ failureClass: FailureClass, _ message: String, evidence: JSONObject = [:]) {
        self.failureClass = failureClass
        self.message = message
        self.evidence = evidence
    }

    var json: JSONValue {
        var object: JSONObject = ["failure_class": .string(failureClass.rawValue), "message": .string(message)]
        if !evidence.isEmpty { object["evidence"] = .object(evidence) }
        return .object(object)
    }
}
