/// Matches one text by backtracking.
///
/// Without backreferences, the outcome of a step depends only on the step and the position. Each split is then tried
/// once per position, which bounds the time by steps × characters: no pattern takes exponential time.
struct PatternMatcher {
    private let pattern: Pattern
    private let text: [Unicode.Scalar]
    private var slots: [Int]

    /// What to undo or try next after a failure.
    private enum Retreat {
        case to(step: Int, position: Int)
        case restore(slot: Int, position: Int)
    }

    init(_ pattern: Pattern, text: String) {
        self.pattern = pattern
        self.text = Array(text.unicodeScalars)
        slots = Array(repeating: -1, count: pattern.slotCount)
    }

    mutating func search(budget: inout EvaluationBudget) throws(JSONSchemaLimits.Exceeded) -> Bool {
        var isAnchored = false
        if case .start = pattern.steps[0] { isAnchored = true }
        var seen = try makeMemory(budget: &budget)
        for position in 0...(isAnchored ? 0 : text.count) {
            if try run(from: 0, at: position, seen: &seen, budget: &budget) { return true }
        }
        return false
    }

    /// One bit per split and position, or none if the pattern has backreferences.
    private func makeMemory(budget: inout EvaluationBudget) throws(JSONSchemaLimits.Exceeded) -> [UInt64] {
        guard !pattern.hasBackreference else { return [] }
        let (bits, overflow) = pattern.splitCount.multipliedReportingOverflow(by: text.count + 1)
        let words = overflow ? Int.max / 64 : bits / 64 + 1
        try budget.spend(patternSteps: words)
        return Array(repeating: 0, count: words)
    }

    private mutating func run(
        from first: Int,
        at origin: Int,
        seen: inout [UInt64],
        budget: inout EvaluationBudget
    ) throws(JSONSchemaLimits.Exceeded) -> Bool {
        var retreats: [Retreat] = []
        var (step, position) = (first, origin)
        while true {
            try budget.spend(patternSteps: 1)
            var succeeded = true
            switch pattern.steps[step] {
            case .match: return true
            case .scalar(let set, let backward):
                succeeded = takeScalar(of: set, backward: backward, at: &position)
                step += 1
            case .split(let first, let second, let number):
                succeeded = markSeen(number, at: position, seen: &seen)
                if succeeded { retreats.append(.to(step: second, position: position)) }
                step = first
            case .jump(let target): step = target
            case .save(let slot):
                retreats.append(.restore(slot: slot, position: slots[slot]))
                slots[slot] = position
                step += 1
            case .requireProgress(let slot):
                succeeded = slots[slot] != position
                step += 1
            case .start:
                succeeded = position == 0
                step += 1
            case .end:
                succeeded = position == text.count
                step += 1
            case .wordBoundary(let negated):
                succeeded = (isWord(position - 1) != isWord(position)) != negated
                step += 1
            case .lookaround(let next, let negated):
                let before = slots
                var memory = try makeMemory(budget: &budget)
                let found = try run(from: step + 1, at: position, seen: &memory, budget: &budget)
                succeeded = found != negated
                if negated || !found { slots = before }
                for slot in slots.indices where slots[slot] != before[slot] {
                    retreats.append(.restore(slot: slot, position: before[slot]))
                }
                step = next
            case .backreference(let group, let backward):
                succeeded = takeGroup(group, backward: backward, at: &position)
                step += 1
            }
            if succeeded { continue }
            guard let retreat = popRetreat(&retreats) else { return false }
            (step, position) = retreat
        }
    }

    private mutating func popRetreat(_ retreats: inout [Retreat]) -> (Int, Int)? {
        while let retreat = retreats.popLast() {
            switch retreat {
            case .to(let step, let position): return (step, position)
            case .restore(let slot, let position): slots[slot] = position
            }
        }
        return nil
    }

    /// - Returns: Whether the split is new at this position.
    private func markSeen(_ number: Int, at position: Int, seen: inout [UInt64]) -> Bool {
        guard !pattern.hasBackreference else { return true }
        let bit = number * (text.count + 1) + position
        let mask = UInt64(1) << UInt64(bit & 63)
        if seen[bit >> 6] & mask != 0 { return false }
        seen[bit >> 6] |= mask
        return true
    }

    @inline(__always)
    private func takeScalar(of set: Int, backward: Bool, at position: inout Int) -> Bool {
        let index = backward ? position - 1 : position
        guard text.indices.contains(index), pattern.sets[set].contains(text[index]) else { return false }
        position += backward ? -1 : 1
        return true
    }

    private func takeGroup(_ group: Int, backward: Bool, at position: inout Int) -> Bool {
        let (start, end) = (slots[2 * group], slots[2 * group + 1])
        // A backreference to a group that has not matched always succeeds (ECMA-262, 22.2.2.9.1).
        guard start >= 0, end >= start else { return true }
        let length = end - start
        let from = backward ? position - length : position
        guard from >= 0, from + length <= text.count, text[from..<(from + length)] == text[start..<end] else {
            return false
        }
        position += backward ? -length : length
        return true
    }

    private func isWord(_ index: Int) -> Bool {
        guard text.indices.contains(index) else { return false }
        switch text[index] {
        case "a"..."z", "A"..."Z", "0"..."9", "_": return true
        default: return false
        }
    }
}
