public import JSON
public import MCP

/// What went wrong, and what to do about it.
public struct Failure: Error, Sendable {
    /// The kind of failure.
    public var failureClass: FailureClass
    /// How it counts: as its class says, or as an error if no connection was made.
    public var outcome: Outcome
    /// The coarse kind, for users of the first mcp-test-mcp.
    public var errorType: ErrorType
    /// The page of the specification with the broken rule; nil if none is broken.
    public var page: SpecificationPage?
    /// What happened, where, and what was expected; the first sentence is the verdict.
    public var message: String
    /// The one thing to try next.
    public var nextStep: String
    /// Facts that belong to the message.
    public var details: JSONObject
    /// What was observed: process, frames, times.
    public var evidence: JSONObject
    /// The target's own error or result, as received.
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
        page = failureClass.page
        self.errorType = errorType
        self.message = message
        self.nextStep = nextStep
        self.details = details
        self.evidence = evidence
        self.targetSaid = targetSaid
    }

    /// An input of the user that cannot be carried out.
    ///
    /// - Parameters:
    ///   - message: What is wrong with it.
    ///   - nextStep: What to give instead.
    public static func usage(
        _ message: String,
        nextStep: String,
        details: JSONObject = [:]
    ) -> Failure {
        Failure(.usage, .invalidArguments, message, nextStep: nextStep, details: details)
    }
}
