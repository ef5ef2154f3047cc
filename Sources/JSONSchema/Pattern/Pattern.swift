/// A regular expression of ECMA-262, compiled into steps for ``PatternMatcher``.
///
/// Own, because patterns come from untrusted servers: each match has a budget and cannot hang, which the standard
/// library's `Regex` does not offer.
struct Pattern: Sendable {
    /// A step of a match; numbers of other steps are indices into ``steps``.
    enum Step: Sendable {
        case scalar(set: Int, backward: Bool)
        /// Try the first way, then the second; each has a number of its own for the matcher's memory.
        case split(first: Int, second: Int, number: Int)
        case jump(Int)
        /// Remember the position: where a group begins or ends or a round of a loop began.
        case save(slot: Int)
        /// Fail if the round of a loop that began at the slot has not moved on.
        case requireProgress(slot: Int)
        case start
        case end
        case wordBoundary(negated: Bool)
        /// Match the steps that follow, up to their `match`, then go on at `next` from where it began.
        case lookaround(next: Int, negated: Bool)
        case backreference(group: Int, backward: Bool)
        case match
    }

    /// The text it was made from.
    let source: String
    let steps: [Step]
    let sets: [ScalarSet]
    let splitCount: Int
    let slotCount: Int
    let hasBackreference: Bool

    /// - Throws: ``PatternError`` for what ECMA-262 does not allow or this engine does not support.
    init(_ source: String) throws(PatternError) {
        var parser = PatternParser(source)
        let tree = try parser.parse()
        var compiler = PatternCompiler(parser)
        try compiler.compile(tree)
        self.source = source
        steps = compiler.steps + [.match]
        sets = compiler.sets
        splitCount = compiler.splitCount
        slotCount = compiler.slotCount
        hasBackreference = parser.hasBackreference
    }

    /// Tells whether the pattern matches anywhere in the text.
    ///
    /// - Throws: ``JSONSchemaLimits/Exceeded`` if the budget is used up before that is known.
    func matches(_ text: String, budget: inout EvaluationBudget) throws(JSONSchemaLimits.Exceeded) -> Bool {
        var matcher = PatternMatcher(self, text: text)
        return try matcher.search(budget: &budget)
    }
}
