public import JSON

/// A JSON Schema, compiled once to validate many values.
///
/// Nothing is ever fetched: what a `$ref` leads to lies in the schema itself, in the resources given or is a metaschema.
/// Source: JSON Schema 2020-12 and draft-07.
public struct JSONSchema: Sendable {
    let program: Program
    /// The limits that hold for validations unless others are given.
    public let limits: JSONSchemaLimits

    /// Compiles a schema.
    ///
    /// - Parameters:
    ///   - value: The schema, an object or a boolean.
    ///   - dialect: The dialect that holds where no `$schema` names one.
    ///   - resources: Other schemas by the URI under which they may be referred to; metaschemas of dialects as well.
    ///   - assertsFormats: Whether `format` is checked; otherwise it is an annotation, as the specification has it.
    ///   - limits: How much work the schema may ask for.
    /// - Throws: ``JSONSchemaError`` with the place of the fault.
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
    ///   - limits: Limits in place of those that the schema was compiled with.
    ///   - clock: What measures ``JSONSchemaLimits/time``.
    public func validate(
        _ instance: JSONValue,
        limits: JSONSchemaLimits? = nil,
        clock: some Clock<Duration> = ContinuousClock()
    ) -> Validation {
        let limits = limits ?? self.limits
        let deadline = clock.now.advanced(by: limits.time)
        let budget = EvaluationBudget(limits) { clock.now >= deadline }
        do throws(JSONSchemaLimits.Exceeded) {
            // Nearly everything is valid: sentences are only made in a second walk when something is not.
            var evaluator = Evaluator(program, budget: budget, reporter: nil)
            if try evaluator.isValid(instance) { return Validation(.valid) }
            evaluator = Evaluator(program, budget: budget, reporter: Reporter(limit: limits.violations))
            return Validation(.invalid(try evaluator.violations(of: instance)))
        } catch {
            return Validation(.inconclusive(error))
        }
    }

    /// What is wrong with a value; nothing if it is valid.
    ///
    /// - Throws: ``JSONSchemaLimits/Exceeded`` if the limits do not suffice to tell.
    public func violations(of instance: JSONValue) throws(JSONSchemaLimits.Exceeded) -> [Violation] {
        switch validate(instance).outcome {
        case .valid: return []
        case .invalid(let violations): return violations
        case .inconclusive(let exceeded): throw exceeded
        }
    }
}
