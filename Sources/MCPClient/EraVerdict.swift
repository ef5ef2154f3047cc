public import MCP

/// Which revision a connection speaks and why: what was asked, what came, what followed from it.
///
/// Source: versioning, "Backward compatibility", the modern revisions.
public struct EraVerdict: Sendable {
    /// One thing that was tried.
    public struct Step: Sendable, Hashable {
        /// What was asked, such as `server/discover`.
        public var asked: String
        /// What came of it, in words.
        public var outcome: String
        /// The HTTP status of the answer, where there was one.
        public var status: Int?
        /// The time from the beginning of connecting until that was known.
        public var after: Duration
    }

    /// The revision that both sides speak.
    public var revision: Revision
    /// Why it is this one, in a sentence.
    public var reason: String
    /// What was tried, in order.
    public var steps: [Step]
}
