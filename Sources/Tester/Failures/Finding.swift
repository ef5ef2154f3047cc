public import JSON
public import MCP

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
    /// How serious it is.
    public var severity: Severity
    /// The page of the specification with the broken rule; nil if none is broken.
    public var page: SpecificationPage?

    /// Creates a finding, with the severity and the page of its class.
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
        severity = failureClass.severity
        page = failureClass.page
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

    /// The same finding about the rules of another page.
    func on(_ page: SpecificationPage?) -> Finding {
        var finding = self
        finding.page = page
        return finding
    }

    /// The same finding as advice: the rules allow it.
    var asAdvice: Finding {
        var finding = self
        finding.severity = .advice
        return finding
    }
}
