/// Bounds for the work of compiling a schema and validating against it.
///
/// Schemas and values come from servers that are not trusted.
public struct JSONSchemaLimits: Sendable, Hashable {
    /// The maximum nesting of a schema, and of subschemas that apply each other during a validation.
    public var depth: Int
    /// The maximum number of subschemas, including those of referenced schemas.
    public var subschemas: Int
    /// The maximum number of times that one validation applies a subschema to a value.
    public var evaluations: Int
    /// The maximum number of steps that regular expressions take in one validation.
    public var patternSteps: Int
    /// The maximum duration of one validation.
    public var time: Duration
    /// The maximum number of violations to report.
    public var violations: Int

    /// Creates limits.
    ///
    /// The defaults suffice for any reasonable schema and stop a hostile one within seconds.
    public init(
        depth: Int = 256,
        subschemas: Int = 50_000,
        evaluations: Int = 5_000_000,
        patternSteps: Int = 50_000_000,
        time: Duration = .seconds(5),
        violations: Int = 100
    ) {
        self.depth = depth
        self.subschemas = subschemas
        self.evaluations = evaluations
        self.patternSteps = patternSteps
        self.time = time
        self.violations = violations
    }

    /// The limit that ended a validation before its result was known.
    public enum Exceeded: Error, Sendable, Hashable, CustomStringConvertible {
        /// Subschemas apply each other more than `limit` levels deep.
        case depth(limit: Int)
        /// Subschemas were applied more than `limit` times.
        case evaluations(limit: Int)
        /// Regular expressions took more than `limit` steps.
        case patternSteps(limit: Int)
        /// The validation took longer than `limit`.
        case time(limit: Duration)

        /// Which limit stopped the validation.
        public var description: String {
            switch self {
            case .depth(let limit): "validation stopped: subschemas nest more than \(limit) levels deep"
            case .evaluations(let limit): "validation stopped: it needs more than \(limit) subschema evaluations"
            case .patternSteps(let limit): "validation stopped: regular expressions need more than \(limit) steps"
            case .time(let limit): "validation stopped: it takes longer than \(limit)"
            }
        }
    }
}
