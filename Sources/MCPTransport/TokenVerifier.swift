/// Determines on whose behalf a bearer token speaks.
public protocol TokenVerifier: Sendable {
    /// The verdict on a token; nil if it needs keys that have to be fetched first.
    func verdict(on token: String) -> TokenVerdict?

    /// The verdict on a token, after fetching the keys that it needs.
    func verdictAfterFetching(on token: String) async -> TokenVerdict
}

/// Whether a bearer token is accepted.
///
/// Reasons are clauses that start in lower case, quote nothing of the token, and can be sent in a header.
public enum TokenVerdict: Sendable, Hashable {
    /// It is accepted.
    case valid(Principal)
    /// It is not accepted: malformed, expired, or for another server.
    case invalid(reason: String)
    /// It is valid, but lacks scopes; all that are needed are named.
    case insufficientScope(needed: [String])
    /// It cannot be verified at present.
    case undecided(reason: String)
}
