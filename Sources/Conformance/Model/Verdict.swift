/// What a check found.
package enum Verdict: Sendable {
    /// The server follows the rule.
    case pass
    /// The server breaks a rule that it must follow.
    case fail(Violation)
    /// The server does not follow a recommendation.
    case warning(Violation)
    /// The rule is not about this server, because it lacks a capability.
    case notApplicable(missing: String)
    /// The check could not decide; what would be needed.
    case inconclusive(String)

    /// What was received instead of what the rule says.
    package struct Violation: Sendable {
        /// What was received, as a sentence without a full stop.
        package var received: String
        /// The exchanges that show it.
        package var exchanges: [Exchange]
    }

    /// Ends a check before it has passed.
    enum Stop: Error {
        case broken(Violation)
        /// What the server does is not right, but harms no client: a warning whatever the level of the rule is.
        case harmless(Violation)
        case notApplicable(String)
        case inconclusive(String)
    }

    /// The verdicts without what they are about.
    package enum Kind: String, Sendable, CaseIterable {
        case pass
        case fail
        case warning
        case notApplicable = "not_applicable"
        case inconclusive
    }

    package var kind: Kind {
        switch self {
        case .pass: .pass
        case .fail: .fail
        case .warning: .warning
        case .notApplicable: .notApplicable
        case .inconclusive: .inconclusive
        }
    }

    /// The name of the verdict.
    package var name: String { kind.rawValue }

    /// What was received, what is missing or what would be needed; nil if the check passed.
    package var message: String? {
        switch self {
        case .pass: nil
        case .fail(let violation), .warning(let violation): violation.received
        case .notApplicable(let missing): missing
        case .inconclusive(let need): need
        }
    }

    /// The exchanges that show a violation.
    package var exchanges: [Exchange] {
        switch self {
        case .fail(let violation), .warning(let violation): violation.exchanges
        case .pass, .notApplicable, .inconclusive: []
        }
    }
}
