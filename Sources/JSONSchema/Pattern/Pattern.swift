/// A regular expression of ECMA-262, compiled into steps for ``PatternMatcher``.
///
/// Not the standard library's `Regex`: patterns come from untrusted servers, and each match needs a budget so that it
/// cannot hang.
struct Pattern: Sendable {
    /// A step of a match.
    ///
    /// Other steps are referred to by their index in ``steps``.
    enum Step: Sendable {
        case scalar(set: Int, backward: Bool)
        /// Try the first step, then the second. `number` identifies the split in the matcher's memory.
        case split(first: Int, second: Int, number: Int)
        case jump(Int)
        /// Remember the position: the start or end of a group, or the start of a loop iteration.
        case save(slot: Int)
        /// Fail if the loop iteration that started at the slot has consumed nothing.
        case requireProgress(slot: Int)
        case start
        case end
        case wordBoundary(negated: Bool)
        /// Match the steps that follow, up to their `match`, then continue at `next` from the same position.
        case lookaround(next: Int, negated: Bool)
        case backreference(group: Int, backward: Bool)
        case match
    }

    /// The regular expression as written.
    let source: String
    let steps: [Step]
    let sets: [ScalarSet]
    let splitCount: Int
    let slotCount: Int
    let hasBackreference: Bool

    /// - Throws: ``PatternError`` for what ECMA-262 forbids or this engine does not support.
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

    /// Whether the pattern matches anywhere in the text.
    ///
    /// - Throws: ``JSONSchemaLimits/Exceeded`` if the budget runs out first.
    func matches(_ text: String, budget: inout EvaluationBudget) throws(JSONSchemaLimits.Exceeded) -> Bool {
        var matcher = PatternMatcher(self, text: text)
        return try matcher.search(budget: &budget)
    }
}
