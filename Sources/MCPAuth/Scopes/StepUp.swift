/// Bounds the authorizations that one operation causes: a server may demand more scopes forever.
///
/// Source: 2026-07-28, "Authorization", "Step-Up Authorization Flow".
public struct StepUp: Sendable, Hashable {
    /// What to do after a challenge.
    public enum Decision: Sendable, Hashable {
        /// Authorize again with the previous scopes and those of the challenge.
        case authorize(previous: ScopeSet)
        /// Give up, for this reason.
        case giveUp(String)
    }

    private let limit: Int
    private var count = 0
    private var requested = ScopeSet()
    private var challenged: [ScopeSet] = []

    /// Creates the state of one operation.
    ///
    /// - Parameters:
    ///   - limit: The number of authorizations, the first included.
    ///   - requested: The scopes that the present token was requested with.
    public init(limit: Int = AuthLimits().authorizations, requested: ScopeSet = ScopeSet()) {
        self.limit = limit
        self.requested = requested
    }

    /// Notes an authorization with these scopes.
    public mutating func authorized(with scopes: ScopeSet) {
        count += 1
        requested = requested.union(scopes)
    }

    /// Begins another operation, which may cause as many authorizations again.
    ///
    /// Scopes that did not help are remembered.
    public mutating func beginOperation() {
        count = 0
    }

    /// Notes the scopes of a token that was not requested here.
    public mutating func noteRequested(_ scopes: ScopeSet) {
        requested = requested.union(scopes)
    }

    /// Decides about a 403 with `insufficient_scope`.
    public mutating func decide(on challenge: Challenge?) -> Decision {
        let scopes = challenge?.scopes ?? ScopeSet()
        guard count < limit else {
            return .giveUp("the server still demands \(Self.name(scopes)) after \(count) authorizations")
        }
        if requested.contains(scopes), challenged.contains(scopes) {
            let ending = scopes.isEmpty ? "without naming any" : "although the token was requested with it"
            return .giveUp("the server demands \(Self.name(scopes)) again, \(ending)")
        }
        challenged.append(scopes)
        return .authorize(previous: requested)
    }

    private static func name(_ scopes: ScopeSet) -> String {
        scopes.isEmpty ? "more scopes" : "the scope \"\(scopes)\""
    }
}
