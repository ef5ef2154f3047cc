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

    /// Tells whether it can match without moving on; when in doubt it can.
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

/// Why a text is no regular expression that can be used, and where.
struct PatternError: Error, Sendable, Equatable {
    /// What is wrong, as a sentence without its subject.
    let reason: String
    /// How many characters stand before the fault.
    let offset: Int
}
