public import JSON

/// Something that went wrong, for the reader who must act: what, where, what was seen, what to try.
public struct Failure: Error, Sendable {
    /// What kind of thing it is.
    public var failureClass: FailureClass
    /// How it counts: by its class, or as not found out where no connection came about.
    public var outcome: Outcome
    /// The coarse kind.
    public var errorType: ErrorType
    /// What happened, in a sentence or two.
    public var message: String
    /// The one thing to try next.
    public var nextStep: String
    /// Facts that belong to the message.
    public var details: JSONObject
    /// What was seen: process, frames, times.
    public var evidence: JSONObject
    /// What the target itself said, as received.
    public var targetSaid: [(key: String, text: JSONText)]

    /// Creates a failure.
    public init(
        _ failureClass: FailureClass,
        _ errorType: ErrorType,
        _ message: String,
        nextStep: String,
        details: JSONObject = [:],
        evidence: JSONObject = [:],
        targetSaid: [(key: String, text: JSONText)] = []
    ) {
        self.failureClass = failureClass
        outcome = failureClass.outcome
        self.errorType = errorType
        self.message = message
        self.nextStep = nextStep
        self.details = details
        self.evidence = evidence
        self.targetSaid = targetSaid
    }

    /// A question that makes no sense: what is wrong with it and what would be right.
    public static func usage(
        _ message: String,
        nextStep: String,
        details: JSONObject = [:]
    ) -> Failure {
        Failure(.usage, .invalidArguments, message, nextStep: nextStep, details: details)
    }
}
