/// Counts the work of one validation against its limits.
struct EvaluationBudget {
    private let limits: JSONSchemaLimits
    private let isOverdue: () -> Bool
    private var depth = 0
    private var evaluations = 0
    private var patternSteps = 0

    /// - Parameter isOverdue: Called now and then, because reading a clock takes longer than a step.
    init(_ limits: JSONSchemaLimits, isOverdue: @escaping () -> Bool) {
        self.limits = limits
        self.isOverdue = isOverdue
    }

    mutating func enter() throws(JSONSchemaLimits.Exceeded) {
        depth += 1
        evaluations += 1
        if depth > limits.depth { throw .depth(limit: limits.depth) }
        if evaluations > limits.evaluations { throw .evaluations(limit: limits.evaluations) }
        if evaluations & 0xFF == 0, isOverdue() { throw .time(limit: limits.time) }
    }

    mutating func leave() {
        depth -= 1
    }

    @inline(__always)
    mutating func spend(patternSteps count: Int) throws(JSONSchemaLimits.Exceeded) {
        let before = patternSteps
        patternSteps &+= count
        // One comparison covers both: the count crossed a boundary of 65,536 steps or the limit.
        if patternSteps > limits.patternSteps || before >> 16 != patternSteps >> 16 { try checkLimits() }
    }

    private func checkLimits() throws(JSONSchemaLimits.Exceeded) {
        if patternSteps > limits.patternSteps { throw .patternSteps(limit: limits.patternSteps) }
        if isOverdue() { throw .time(limit: limits.time) }
    }
}
