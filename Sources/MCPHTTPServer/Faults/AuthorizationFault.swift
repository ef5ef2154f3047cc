/// A fault in authorization that a server of ours injects on purpose, to show what a tester makes of it.
public enum AuthorizationFault: String, CaseIterable, Sendable, Hashable {
    /// A request without a token is served.
    case noToken = "accepts-no-token"
    /// A token in the query is accepted.
    case tokenInQuery = "accepts-query-token"
    /// A session may be used with the token of another principal.
    case foreignSession = "accepts-foreign-session"
    /// The ID of a session is accepted instead of a token.
    case sessionAlone = "accepts-session-without-token"
    /// The response 401 has no challenge.
    case noChallenge = "no-challenge"
    /// The challenge is malformed.
    case malformedChallenge = "malformed-challenge"
    /// The response 403 names neither error nor scope.
    case forbiddenWithoutScope = "forbidden-without-scope"
}
