public import JSON

/// A JSON Schema, compiled once to validate many values.
///
/// Nothing is ever fetched: a `$ref` must point into the schema itself, into one of the given resources, or to a metaschema.
/// Source: JSON Schema 2020-12 and draft-07.
public struct JSONSchema: Sendable {
    let program: Program
    /// The limits of a validation that is not given its own.
    public let limits: JSONSchemaLimits

    /// Compiles a schema.
    ///
    /// - Parameters:
    ///   - value: The schema, an object or a boolean.
    ///   - dialect: The dialect of a schema without `$schema`.
    ///   - resources: Other schemas that references may point to, by URI. Custom metaschemas belong here too.
    ///   - assertsFormats: Whether `format` is checked. By default it is an annotation, as in the specification.
    ///   - limits: Bounds for the work of compiling and validating.
    /// - Throws: ``JSONSchemaError`` with the location of the fault.
    public init(
        _ value: JSONValue,
        dialect: Dialect = .draft202012,
        resources: [String: JSONValue] = [:],
        assertsFormats: Bool = false,
        limits: JSONSchemaLimits = JSONSchemaLimits()
    ) throws(JSONSchemaError) {
        let documents = SchemaDocuments(external: resources, defaultDialect: dialect, depthLimit: limits.depth)
        var compiler = SchemaCompiler(documents, assertsFormats: assertsFormats, limits: limits)
        program = try compiler.compile(value)
        self.limits = limits
    }

    /// Validates a value.
    ///
    /// - Parameters:
    ///   - instance: The value.
    ///   - terms: What messages call the value and its properties.
    ///   - limits: Limits that replace those of the schema.
    public func validate(
        _ instance: JSONValue,
        as terms: ValueTerms = .value,
        limits: JSONSchemaLimits? = nil
    ) -> Validation {
        let limits = limits ?? self.limits
        let deadline = ContinuousClock.now.advanced(by: limits.time)
        return validate(instance, terms, limits) { ContinuousClock.now >= deadline }
    }

    /// Validates a value, with a clock of its own.
    ///
    /// - Parameters:
    ///   - instance: The value.
    ///   - terms: What messages call the value and its properties.
    ///   - limits: Limits that replace those of the schema.
    ///   - clock: The clock that measures ``JSONSchemaLimits/time``.
    public func validate(
        _ instance: JSONValue,
        as terms: ValueTerms = .value,
        limits: JSONSchemaLimits? = nil,
        clock: some Clock<Duration>
    ) -> Validation {
        let limits = limits ?? self.limits
        let deadline = clock.now.advanced(by: limits.time)
        return validate(instance, terms, limits) { clock.now >= deadline }
    }

    // Not generic, so that it is compiled for its types.
    private func validate(
        _ instance: JSONValue,
        _ terms: ValueTerms,
        _ limits: JSONSchemaLimits,
        isOverdue: @escaping () -> Bool
    ) -> Validation {
        let budget = EvaluationBudget(limits, isOverdue: isOverdue)
        do throws(JSONSchemaLimits.Exceeded) {
            // Nearly every value is valid. Only an invalid one is walked again, to word the messages.
            if try isValid(instance, budget) { return Validation(.valid) }
            let reporter = Reporter(limit: limits.violations, terms: terms)
            var evaluator = Evaluator(program, budget: budget, reporter: reporter)
            return Validation(.invalid(try evaluator.violations(of: instance)))
        } catch {
            return Validation(.inconclusive(error))
        }
    }

    @inline(never)
    private func isValid(_ instance: JSONValue, _ budget: EvaluationBudget) throws(JSONSchemaLimits.Exceeded) -> Bool {
        var evaluator = Evaluator(program, budget: budget, reporter: nil)
        return try evaluator.isValid(instance)
    }

    /// The violations of a value, empty if it is valid.
    ///
    /// - Throws: ``JSONSchemaLimits/Exceeded`` if a limit was reached first.
    public func violations(of instance: JSONValue) throws(JSONSchemaLimits.Exceeded) -> [Violation] {
        switch validate(instance).outcome {
        case .valid: return []
        case .invalid(let violations): return violations
        case .inconclusive(let exceeded): throw exceeded
        }
    }
}
