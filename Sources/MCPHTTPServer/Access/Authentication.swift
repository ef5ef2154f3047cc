public import MCPTransport

/// The bearer tokens that a server accepts, and the subject of each.
public struct Authentication: TokenVerifier {
    private let subjects: [(token: [UInt8], subject: String)]

    /// Creates an authentication from tokens and their subjects.
    public init(tokens: [(token: String, subject: String)]) {
        subjects = tokens.map { (Array($0.token.utf8), $0.subject) }
    }

    /// The verdict on a token, which is one of the tokens or not.
    public func verdict(on token: String) -> TokenVerdict? {
        principal(of: token).map(TokenVerdict.valid) ?? .invalid(reason: "the Authorization header has no valid token")
    }

    /// The same verdict; there is nothing to fetch.
    public func verdictAfterFetching(on token: String) async -> TokenVerdict {
        verdict(on: token) ?? .invalid(reason: "the Authorization header has no valid token")
    }

    /// The principal that a token authenticates.
    ///
    /// Comparing takes the same time wherever the tokens differ.
    public func principal(of token: String) -> Principal? {
        let given = Array(token.utf8)
        var found: Principal?
        for (token, subject) in subjects where token.count == given.count {
            var difference: UInt8 = 0
            for (left, right) in zip(token, given) { difference |= left ^ right }
            if difference == 0 { found = .subject(subject) }
        }
        return found
    }
}
