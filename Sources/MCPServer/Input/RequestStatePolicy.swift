/// How long the state that a handler gives with its questions can be brought back, and how often.
///
/// Source: 2026-07-28, "Multi round-trip requests", security of `requestState`.
public struct RequestStatePolicy: Sendable, Hashable {
    /// How long after its questions a state is taken.
    public var lifetime: Duration
    /// Whether a state is taken only once; what is brought back again is refused until it has expired anyway.
    public var isSingleUse: Bool

    /// Creates a policy.
    public init(lifetime: Duration = .seconds(600), isSingleUse: Bool = true) {
        self.lifetime = lifetime
        self.isSingleUse = isSingleUse
    }
}
