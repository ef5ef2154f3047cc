import JSON

/// Keywords that apply subschemas to the same value.
extension Evaluator {
    mutating func checkAllOf(
        _ numbers: [Int],
        _ instance: JSONValue,
        _ seen: inout Evaluated
    ) throws(JSONSchemaLimits.Exceeded) -> Bool {
        var isValid = true
        for (index, number) in numbers.enumerated()
        where try !applyInPlace(number, instance, &seen, by: ["allOf", String(index)]) {
            guard reporter != nil else { return false }
            isValid = false
        }
        return isValid
    }

    mutating func checkNot(
        _ number: Int,
        of subschema: Int,
        _ instance: JSONValue
    ) throws(JSONSchemaLimits.Exceeded) -> Bool {
        var ignored = Evaluated()
        let matches = try silently { (evaluator) throws(JSONSchemaLimits.Exceeded) in
            try evaluator.evaluate(number, instance, &ignored)
        }
        guard matches else { return true }
        return report("not", of: subschema, "got \(MessageFormatter.brief(instance)), which `not` excludes")
    }

    mutating func checkConditional(
        _ rule: ConditionalRule,
        _ instance: JSONValue,
        _ seen: inout Evaluated
    ) throws(JSONSchemaLimits.Exceeded) -> Bool {
        var own = Evaluated()
        let holds = try silently { (evaluator) throws(JSONSchemaLimits.Exceeded) in
            try evaluator.evaluate(rule.condition, instance, &own)
        }
        if holds { seen.formUnion(own) }
        guard let branch = holds ? rule.then : rule.otherwise else { return true }
        return try applyInPlace(branch, instance, &seen, by: [holds ? "then" : "else"])
    }

    mutating func checkDependentSchemas(
        _ rules: [(trigger: String, schema: Int)],
        _ keyword: String,
        _ instance: JSONValue,
        _ seen: inout Evaluated
    ) throws(JSONSchemaLimits.Exceeded) -> Bool {
        guard case .object(let object) = instance else { return true }
        var isValid = true
        for rule in rules where object[rule.trigger] != nil {
            if try applyInPlace(rule.schema, instance, &seen, by: [keyword, rule.trigger]) { continue }
            guard reporter != nil else { return false }
            isValid = false
        }
        return isValid
    }

    mutating func checkAnyOf(
        _ numbers: [Int],
        of subschema: Int,
        _ instance: JSONValue,
        _ seen: inout Evaluated
    ) throws(JSONSchemaLimits.Exceeded) -> Bool {
        let (matches, attempts) = try tryBranches(
            numbers,
            "anyOf",
            instance,
            &seen,
            enough: program.tracksEvaluation ? .max : 1
        )
        if !matches.isEmpty { return true }
        return reportNoMatch(attempts, of: numbers.count, "anyOf", of: subschema, instance)
    }

    mutating func checkOneOf(
        _ numbers: [Int],
        of subschema: Int,
        _ instance: JSONValue,
        _ seen: inout Evaluated
    ) throws(JSONSchemaLimits.Exceeded) -> Bool {
        var own = Evaluated()
        let (matches, attempts) = try tryBranches(numbers, "oneOf", instance, &own, enough: reporter == nil ? 2 : .max)
        switch matches.count {
        case 1:
            seen.formUnion(own)
            return true
        case 0:
            return reportNoMatch(attempts, of: numbers.count, "oneOf", of: subschema, instance)
        default:
            return report("oneOf", of: subschema, MessageFormatter.severalMatches(matches))
        }
    }

    private mutating func reportNoMatch(
        _ attempts: [(index: Int, violations: [Violation])],
        of count: Int,
        _ keyword: String,
        of subschema: Int,
        _ instance: JSONValue
    ) -> Bool {
        let depth = reporter?.instanceDepth ?? 0
        return report(
            keyword,
            of: subschema,
            MessageFormatter.noMatch(instance, count: count) + MessageFormatter.closest(of: attempts, depth: depth)
        )
    }

    /// Tries alternatives until enough match.
    ///
    /// The violations of the others serve only the message.
    private mutating func tryBranches(
        _ numbers: [Int],
        _ keyword: String,
        _ instance: JSONValue,
        _ seen: inout Evaluated,
        enough: Int
    ) throws(JSONSchemaLimits.Exceeded) -> (matches: [Int], attempts: [(index: Int, violations: [Violation])]) {
        let outer = reporter?.takeViolations() ?? []
        defer { reporter?.restore(outer) }
        var matches: [Int] = []
        var attempts: [(index: Int, violations: [Violation])] = []
        for (index, number) in numbers.enumerated() {
            if try applyInPlace(number, instance, &seen, by: [keyword, String(index)]) {
                matches.append(index)
                if matches.count >= enough { break }
            } else if let violations = reporter?.takeViolations() {
                attempts.append((index, violations))
            }
        }
        return (matches, attempts)
    }
}
