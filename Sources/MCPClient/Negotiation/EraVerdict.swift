public import MCP

/// Which revision a connection speaks and why: what was sent, the responses, and the conclusion.
///
/// Source: versioning, "Backward compatibility", the modern revisions.
public struct EraVerdict: Sendable {
    /// One request of connecting.
    public struct Step: Sendable, Hashable {
        /// What was sent, such as `server/discover at 2026-07-28`.
        public var request: String
        /// The result, as a clause.
        public var outcome: String
        /// The HTTP status of the response, if there is one.
        public var status: Int?
        /// The time from the start of connecting to this outcome.
        public var after: Duration
    }

    /// The revision that both sides speak.
    public var revision: Revision
    /// Why it is this one, as a clause.
    public var reason: String
    /// What was tried, in order.
    public var steps: [Step]
}
