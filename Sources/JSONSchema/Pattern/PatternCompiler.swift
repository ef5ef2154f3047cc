/// Turns the syntax tree of a pattern into steps.
struct PatternCompiler {
    /// Limits memory: counted repetitions are expanded, so a short pattern could otherwise need any amount.
    private static let maximumSize = 100_000

    private(set) var steps: [Pattern.Step] = []
    private(set) var sets: [ScalarSet] = []
    private(set) var splitCount = 0
    private(set) var slotCount: Int
    private let groupCount: Int
    private let groupNames: [String: Int]
    private let keepsGroups: Bool
    private var backward = false
    private var work = 0

    init(_ parser: PatternParser) {
        groupCount = parser.groupCount
        groupNames = parser.groupNames
        keepsGroups = parser.hasBackreference
        slotCount = keepsGroups ? 2 * (parser.groupCount + 1) : 0
    }

    mutating func compile(_ node: PatternNode) throws(PatternError) {
        work += 1
        guard work <= Self.maximumSize else {
            throw PatternError(reason: "is too large once its repetitions are expanded", offset: 0)
        }
        switch node {
        case .scalar(let set):
            sets.append(set)
            steps.append(.scalar(set: sets.count - 1, backward: backward))
        case .sequence(let parts):
            for part in backward ? parts.reversed() : parts { try compile(part) }
        case .choice(let alternatives): try compileChoice(alternatives[...])
        case .loop(let body, let count, let isLazy): try compileLoop(body, count, isLazy: isLazy)
        case .group(let body, let number):
            guard keepsGroups else { return try compile(body) }
            steps.append(.save(slot: 2 * number + (backward ? 1 : 0)))
            try compile(body)
            steps.append(.save(slot: 2 * number + (backward ? 0 : 1)))
        case .lookaround(let body, let ahead, let negated):
            let (outer, place) = (backward, steps.count)
            backward = !ahead
            steps.append(.match)
            try compile(body)
            steps.append(.match)
            steps[place] = .lookaround(next: steps.count, negated: negated)
            backward = outer
        case .backreference(let number):
            guard number <= groupCount else {
                throw PatternError(
                    reason: "refers to group \(number), but has only \(MessageFormatter.count(groupCount, "group"))",
                    offset: 0
                )
            }
            steps.append(.backreference(group: number, backward: backward))
        case .namedBackreference(let name):
            guard let number = groupNames[name] else {
                throw PatternError(reason: "refers to the unknown group '\(name)'", offset: 0)
            }
            steps.append(.backreference(group: number, backward: backward))
        case .start: steps.append(.start)
        case .end: steps.append(.end)
        case .wordBoundary(let negated): steps.append(.wordBoundary(negated: negated))
        }
    }

    private mutating func compileChoice(_ alternatives: ArraySlice<PatternNode>) throws(PatternError) {
        var jumps: [Int] = []
        for alternative in alternatives.dropLast() {
            let split = reserve()
            try compile(alternative)
            jumps.append(reserve())
            setSplit(at: split, first: split + 1, second: steps.count)
        }
        if let last = alternatives.last { try compile(last) }
        for jump in jumps { steps[jump] = .jump(steps.count) }
    }

    private mutating func compileLoop(
        _ body: PatternNode,
        _ count: ClosedRange<Int>,
        isLazy: Bool
    ) throws(PatternError) {
        for _ in 0..<count.lowerBound { try compile(body) }
        if count.upperBound == PatternNode.endless {
            let head = reserve()
            try compileIteration(body)
            steps.append(.jump(head))
            setSplit(at: head, body: head + 1, after: steps.count, isLazy: isLazy)
        } else {
            var heads: [Int] = []
            for _ in count.lowerBound..<count.upperBound {
                heads.append(reserve())
                try compileIteration(body)
            }
            for head in heads { setSplit(at: head, body: head + 1, after: steps.count, isLazy: isLazy) }
        }
    }

    /// Stops loops whose body matches nothing.
    ///
    /// Without groups the matcher's memory does that.
    private mutating func compileIteration(_ body: PatternNode) throws(PatternError) {
        guard keepsGroups, body.canBeEmpty else { return try compile(body) }
        let slot = slotCount
        slotCount += 1
        steps.append(.save(slot: slot))
        try compile(body)
        steps.append(.requireProgress(slot: slot))
    }

    private mutating func reserve() -> Int {
        steps.append(.match)
        return steps.count - 1
    }

    private mutating func setSplit(at place: Int, body: Int, after: Int, isLazy: Bool) {
        setSplit(at: place, first: isLazy ? after : body, second: isLazy ? body : after)
    }

    private mutating func setSplit(at place: Int, first: Int, second: Int) {
        steps[place] = .split(first: first, second: second, number: splitCount)
        splitCount += 1
    }
}
