import JSON

/// Applies a program to one value.
///
/// Without a reporter it stops at the first violation. With one it goes on and reports each.
struct Evaluator {
    let program: Program
    var budget: EvaluationBudget
    var reporter: Reporter?
    /// The resources entered so far, outermost first.
    ///
    /// `$dynamicRef` searches them in this order.
    private var scope: [Int] = []

    init(_ program: Program, budget: EvaluationBudget, reporter: Reporter?) {
        self.program = program
        self.budget = budget
        self.reporter = reporter
    }

    mutating func isValid(_ instance: JSONValue) throws(JSONSchemaLimits.Exceeded) -> Bool {
        var seen = Evaluated()
        return try evaluate(program.root, instance, &seen)
    }

    mutating func violations(of instance: JSONValue) throws(JSONSchemaLimits.Exceeded) -> [Violation] {
        _ = try isValid(instance)
        return reporter?.takeViolations() ?? []
    }

    // MARK: - Subschemas

    mutating func evaluate(
        _ number: Int,
        _ instance: JSONValue,
        _ seen: inout Evaluated
    ) throws(JSONSchemaLimits.Exceeded) -> Bool {
        try budget.enter()
        defer { budget.leave() }
        let resource = program.subschemas[number].resource
        let entersResource = scope.last != resource
        if entersResource { scope.append(resource) }
        defer { if entersResource { scope.removeLast() } }
        var isValid = true
        for keyword in program.subschemas[number].keywords {
            if try check(keyword, of: number, instance, &seen) { continue }
            guard reporter != nil else { return false }
            isValid = false
        }
        return isValid
    }

    /// Applies a subschema to the same value.
    mutating func applyInPlace(
        _ number: Int,
        _ instance: JSONValue,
        _ seen: inout Evaluated,
        by keyword: @autoclosure () -> [String]
    ) throws(JSONSchemaLimits.Exceeded) -> Bool {
        let path = reporter == nil ? [] : keyword()
        reporter?.enter(keyword: path)
        defer { reporter?.leave(keyword: path) }
        guard program.tracksEvaluation else { return try evaluate(number, instance, &seen) }
        // What a failing subschema has evaluated does not count.
        var own = Evaluated()
        let isValid = try evaluate(number, instance, &own)
        if isValid { seen.formUnion(own) }
        return isValid
    }

    /// Applies a subschema to a property, an element, or the name of a property.
    mutating func apply(
        _ number: Int,
        to child: JSONValue,
        at step: @autoclosure () -> Reporter.Step,
        by keyword: @autoclosure () -> [String]
    ) throws(JSONSchemaLimits.Exceeded) -> Bool {
        var seen = Evaluated()
        guard reporter != nil else { return try evaluate(number, child, &seen) }
        let (path, step) = (keyword(), step())
        reporter?.enter(keyword: path, step: step)
        defer { reporter?.leave(keyword: path, step: step) }
        return try evaluate(number, child, &seen)
    }

    /// Evaluates something whose result counts but whose violations do not.
    mutating func silently<Result>(
        _ body: (inout Evaluator) throws(JSONSchemaLimits.Exceeded) -> Result
    ) throws(JSONSchemaLimits.Exceeded) -> Result {
        let outer = reporter
        reporter = nil
        defer { reporter = outer }
        return try body(&self)
    }

    // MARK: - Keywords

    /// Dispatches to the check of a keyword.
    ///
    /// Small, and apart from the checks that do not recurse, because each level of a value takes stack for it.
    private mutating func check(
        _ keyword: Keyword,
        of subschema: Int,
        _ instance: JSONValue,
        _ seen: inout Evaluated
    ) throws(JSONSchemaLimits.Exceeded) -> Bool {
        switch keyword.rule {
        case .assertion(let assertion): checkAssertion(assertion, keyword.name, of: subschema, instance)
        case .pattern(let pattern): try checkPattern(pattern, keyword.name, of: subschema, instance)
        case .format(let format): try checkFormat(format, keyword.name, of: subschema, instance)
        case .reference(let number): try applyInPlace(number, instance, &seen, by: [keyword.name])
        case .dynamicReference(let initial, let anchor):
            try applyInPlace(dynamicTarget(of: anchor) ?? initial, instance, &seen, by: [keyword.name])
        case .allOf(let numbers): try checkAllOf(numbers, instance, &seen)
        case .anyOf(let numbers): try checkAnyOf(numbers, of: subschema, instance, &seen)
        case .oneOf(let numbers): try checkOneOf(numbers, of: subschema, instance, &seen)
        case .not(let number): try checkNot(number, of: subschema, instance)
        case .conditional(let rule): try checkConditional(rule, instance, &seen)
        case .dependentSchemas(let rules): try checkDependentSchemas(rules, keyword.name, instance, &seen)
        case .members(let rule): try checkMembers(rule, of: subschema, instance, &seen)
        case .memberNames(let number): try checkMemberNames(number, instance)
        case .unevaluatedMembers(let number): try checkUnevaluatedMembers(number, of: subschema, instance, &seen)
        case .elements(let rule): try checkElements(rule, instance, &seen)
        case .contains(let rule): try checkContains(rule, of: subschema, instance, &seen)
        case .unevaluatedElements(let number): try checkUnevaluatedElements(number, instance, &seen)
        }
    }

    private mutating func checkAssertion(
        _ assertion: Assertion,
        _ keyword: String,
        of subschema: Int,
        _ instance: JSONValue
    ) -> Bool {
        if assertion.holds(for: instance) { return true }
        guard let noun = reporter?.propertyNoun else { return false }
        let declared = program.subschemas[subschema].declaredProperties
        for fault in MessageFormatter.faults(of: instance, against: assertion, declared: declared, noun: noun) {
            report(fault, keyword, of: subschema)
        }
        return false
    }

    private mutating func checkPattern(
        _ pattern: Pattern,
        _ keyword: String,
        of subschema: Int,
        _ instance: JSONValue
    ) throws(JSONSchemaLimits.Exceeded) -> Bool {
        guard case .string(let text) = instance, try !pattern.matches(text, budget: &budget) else { return true }
        return report(
            keyword,
            of: subschema,
            "expected a string matching `\(pattern.source)`, got \(MessageFormatter.quote(text))"
        )
    }

    private mutating func checkFormat(
        _ format: Format,
        _ keyword: String,
        of subschema: Int,
        _ instance: JSONValue
    ) throws(JSONSchemaLimits.Exceeded) -> Bool {
        guard case .string(let text) = instance, try !format.accepts(text, budget: &budget) else { return true }
        return report(keyword, of: subschema, "expected \(format.phrase), got \(MessageFormatter.quote(text))")
    }

    /// The subschema that the dynamic anchor names in the outermost resource that declares it.
    private func dynamicTarget(of anchor: String) -> Int? {
        for resource in scope {
            if let number = program.dynamicAnchors[resource]?[anchor] { return number }
        }
        return nil
    }

    /// Reports a fault of the current value.
    ///
    /// - Returns: Always false, for the caller to return.
    mutating func report(_ keyword: String, of subschema: Int, _ text: @autoclosure () -> String) -> Bool {
        if reporter != nil { report(.value(text()), keyword, of: subschema) }
        return false
    }

    mutating func report(_ fault: Fault, _ keyword: String, of subschema: Int) {
        reporter?.report(keyword, of: program.subschemas[subschema], in: program, fault)
    }
}

/// The properties or elements of a value that some keyword has evaluated and accepted, by position.
struct Evaluated {
    var all = false
    var indices: Set<Int> = []

    func contains(_ index: Int) -> Bool {
        all || indices.contains(index)
    }

    mutating func formUnion(_ other: Evaluated) {
        all = all || other.all
        if indices.isEmpty {
            indices = other.indices
        } else if !other.indices.isEmpty {
            indices.formUnion(other.indices)
        }
    }
}
