/// How much work a schema may ask for; schemas and instances come from servers that nobody vouches for.
public struct JSONSchemaLimits: Sendable, Hashable {
    /// How deep a schema may nest, and how many subschemas may be under way inside each other during a validation.
    public var depth: Int
    /// How many subschemas a schema may have, with all that it refers to.
    public var subschemas: Int
    /// How many times a subschema may be applied to a value in one validation.
    public var evaluations: Int
    /// How many steps the regular expressions may take in one validation.
    public var patternSteps: Int
    /// How long one validation may take.
    public var time: Duration
    /// How many violations are reported at most.
    public var violations: Int

    /// Creates limits; the defaults let every honest schema pass and end a hostile one within seconds.
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
        /// More than that many subschemas were under way inside each other.
        case depth(limit: Int)
        /// Subschemas were applied more than that many times.
        case evaluations(limit: Int)
        /// Regular expressions took more than that many steps.
        case patternSteps(limit: Int)
        /// The time was up.
        case time(limit: Duration)

        /// A sentence that says what was too much.
        public var description: String {
            switch self {
            case .depth(let limit):
                "the validation was given up: subschemas refer into each other more than \(limit) levels deep"
            case .evaluations(let limit):
                "the validation was given up: it takes more than \(limit) applications of subschemas"
            case .patternSteps(let limit):
                "the validation was given up: its regular expressions take more than \(limit) steps"
            case .time(let limit): "the validation was given up: it takes longer than \(limit)"
            }
        }
    }
}
