public import MCPTransport

/// The bearer tokens that a server accepts, and the subject of each.
public struct Authentication: Sendable {
    private let subjects: [(token: [UInt8], subject: String)]

    /// Creates an authentication from tokens and their subjects.
    public init(tokens: [(token: String, subject: String)]) {
        subjects = tokens.map { (Array($0.token.utf8), $0.subject) }
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
