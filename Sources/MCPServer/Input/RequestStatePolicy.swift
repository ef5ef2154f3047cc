/// How long and how often a handler's state is accepted when it comes back with the responses to input requests.
///
/// Source: 2026-07-28, "Multi round-trip requests", security of `requestState`.
public struct RequestStatePolicy: Sendable, Hashable {
    /// The lifetime of a state.
    public var lifetime: Duration
    /// Whether a state is accepted only once.
    public var isSingleUse: Bool

    /// Creates a policy.
    public init(lifetime: Duration = .seconds(600), isSingleUse: Bool = true) {
        self.lifetime = lifetime
        self.isSingleUse = isSingleUse
    }
}
