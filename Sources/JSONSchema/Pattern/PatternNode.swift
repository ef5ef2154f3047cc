/// The syntax tree of a regular expression.
indirect enum PatternNode {
    case scalar(ScalarSet)
    case sequence([PatternNode])
    case choice([PatternNode])
    case loop(PatternNode, count: ClosedRange<Int>, isLazy: Bool)
    case group(PatternNode, number: Int)
    case lookaround(PatternNode, ahead: Bool, negated: Bool)
    case backreference(number: Int)
    case namedBackreference(String)
    case start
    case end
    case wordBoundary(negated: Bool)

    /// The upper bound of a loop without one.
    static let endless = Int.max

    /// Whether it may match the empty text.
    ///
    /// True when in doubt.
    var canBeEmpty: Bool {
        switch self {
        case .scalar: false
        case .sequence(let parts): parts.allSatisfy(\.canBeEmpty)
        case .choice(let parts): parts.contains(where: \.canBeEmpty)
        case .loop(let body, let count, _): count.lowerBound == 0 || body.canBeEmpty
        case .group(let body, _): body.canBeEmpty
        case .lookaround, .backreference, .namedBackreference, .start, .end, .wordBoundary: true
        }
    }
}

/// A regular expression that cannot be used: the reason and the position.
struct PatternError: Error, Sendable, Equatable {
    /// What is wrong, as a predicate: "has an unmatched ')'".
    let reason: String
    /// The number of Unicode scalars before the fault.
    let offset: Int
}
