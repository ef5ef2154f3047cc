public import JSON
public import MCPClient

/// The input that a call waits for, for a face that can ask its user.
public struct PendingInput: Sendable {
    /// An input request and what belongs to it.
    public struct Request: Sendable {
        /// The key of its answer.
        public var key: String
        /// What the target requests.
        public var question: ReceivedInputRequest
        /// How it is to be answered: ``InputPolicy/Rule/ask`` or ``InputPolicy/Rule/forward``.
        public var rule: InputPolicy.Rule
        /// A valid answer.
        public var example: JSONObject?
        /// Why prepared answers could not be used.
        public var remarks: [String]
    }

    /// The id of the call, for ``TesterSession/respond(_:with:isForced:relay:)``.
    public var callID: String
    /// The input requests, in the order in which they came.
    public var questions: [Request]
}
