/// One challenge of a `WWW-Authenticate` header.
///
/// Source: RFC 9110, section 11.6.1; RFC 6750, section 3; RFC 9728, section 5.1.
public struct Challenge: Sendable, Hashable {
    /// The scheme in lowercase, such as `bearer`.
    public var scheme: String
    /// Its parameters; names are in lowercase.
    public var parameters: [Parameter]

    /// A parameter of a challenge.
    public struct Parameter: Sendable, Hashable {
        /// The name in lowercase.
        public var name: String
        /// The value without its quotes.
        public var value: String
    }

    /// The value of a parameter; the first one if it is repeated.
    public subscript(name: String) -> String? { parameters.first { $0.name == name }?.value }

    /// The URL of the protected resource metadata.
    public var resourceMetadata: String? { self["resource_metadata"] }

    /// The scopes that the request needs; nil if the challenge names none.
    public var scopes: ScopeSet? { self["scope"].map(ScopeSet.init(parsing:)).flatMap { $0.isEmpty ? nil : $0 } }

    /// The error code, such as `insufficient_scope`.
    public var error: String? { self["error"] }
}

/// The challenges of a response, and what is wrong with their syntax.
public struct Challenges: Sendable, Hashable {
    /// The challenges in order.
    public private(set) var all: [Challenge] = []
    /// What is wrong, as clauses that start in lower case.
    public private(set) var problems: [String] = []

    /// Reads the values of all `WWW-Authenticate` header fields of a response.
    public init(parsing values: [String]) {
        for value in values {
            var parser = ChallengeParser(value)
            all += parser.parse()
            problems += parser.problems
        }
        for challenge in all {
            var seen: Set<String> = []
            for parameter in challenge.parameters where !seen.insert(parameter.name).inserted {
                problems.append("the parameter \(parameter.name) is repeated")
            }
        }
    }

    /// The challenge for access tokens: `Bearer`, or else `DPoP`.
    public var token: Challenge? {
        all.first { $0.scheme == "bearer" } ?? all.first { $0.scheme == "dpop" }
    }
}
