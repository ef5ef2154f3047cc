import JSON

/// Keywords about the elements of arrays.
extension Evaluator {
    mutating func checkUnevaluatedElements(
        _ number: Int,
        _ instance: JSONValue,
        _ seen: inout Evaluated
    ) throws(JSONSchemaLimits.Exceeded) -> Bool {
        guard case .array(let elements) = instance else { return true }
        var isValid = true
        for (index, element) in elements.enumerated() where !seen.contains(index) {
            if try apply(number, to: element, at: .element(index), by: ["unevaluatedItems"]) { continue }
            guard reporter != nil else { return false }
            isValid = false
        }
        seen.all = true
        return isValid
    }

    mutating func checkElements(
        _ rule: ElementRule,
        _ instance: JSONValue,
        _ seen: inout Evaluated
    ) throws(JSONSchemaLimits.Exceeded) -> Bool {
        guard case .array(let elements) = instance else { return true }
        var isValid = true
        for (index, element) in elements.enumerated() {
            let isInPrefix = index < rule.prefix.count
            guard let number = isInPrefix ? rule.prefix[index] : rule.rest else { break }
            if program.tracksEvaluation { seen.indices.insert(index) }
            let path = { isInPrefix ? [rule.prefixKeyword, String(index)] : [rule.restKeyword] }
            if try apply(number, to: element, at: .element(index), by: path()) { continue }
            guard reporter != nil else { return false }
            isValid = false
        }
        return isValid
    }

    mutating func checkContains(
        _ rule: ContainsRule,
        of subschema: Int,
        _ instance: JSONValue,
        _ seen: inout Evaluated
    ) throws(JSONSchemaLimits.Exceeded) -> Bool {
        guard case .array(let elements) = instance else { return true }
        var matches: Set<Int> = []
        for (index, element) in elements.enumerated() {
            if !program.tracksEvaluation, rule.maximum == nil, matches.count >= rule.minimum { break }
            var ignored = Evaluated()
            let holds = try silently { (evaluator) throws(JSONSchemaLimits.Exceeded) in
                try evaluator.evaluate(rule.schema, element, &ignored)
            }
            if holds { matches.insert(index) }
        }
        if matches.count < rule.minimum {
            return report(
                "contains",
                of: subschema,
                "expected at least \(MessageFormatter.count(rule.minimum, "element")) matching `contains`, "
                    + "got \(matches.count)"
            )
        }
        if let maximum = rule.maximum, matches.count > maximum {
            return report(
                "maxContains",
                of: subschema,
                "expected at most \(MessageFormatter.count(maximum, "element")) matching `contains`, got \(matches.count)"
            )
        }
        seen.indices.formUnion(matches)
        return true
    }
}
