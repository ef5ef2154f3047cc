public import JSON

/// The result of validating a value.
public struct Validation: Sendable, Hashable {
    /// The possible results.
    public enum Outcome: Sendable, Hashable {
        /// The value satisfies the schema.
        case valid
        /// The value does not satisfy the schema. The array is never empty.
        case invalid([Violation])
        /// A limit was reached before the answer was known.
        case inconclusive(JSONSchemaLimits.Exceeded)
    }

    /// The result.
    public let outcome: Outcome

    init(_ outcome: Outcome) {
        self.outcome = outcome
    }

    /// Whether the value satisfies the schema.
    ///
    /// False also if the validation was inconclusive.
    public var isValid: Bool {
        outcome == .valid
    }

    /// The violations.
    ///
    /// Empty also if the validation was inconclusive.
    public var errors: [Violation] {
        if case .invalid(let violations) = outcome { violations } else { [] }
    }

    /// The limit that was reached, or nil if the validation was conclusive.
    public var exceeded: JSONSchemaLimits.Exceeded? {
        if case .inconclusive(let exceeded) = outcome { exceeded } else { nil }
    }
}

/// One fault of a value that does not satisfy a schema.
public struct Violation: Sendable, Hashable, CustomStringConvertible {
    /// The location in the value.
    public let instanceLocation: JSONPointer
    /// The path through the schema to the keyword, including the references that were followed.
    public let keywordLocation: JSONPointer
    /// The URI of the keyword, or nil if its resource has no absolute URI.
    public let absoluteKeywordLocation: String?
    /// The keyword that failed, or `false` for a schema that allows nothing.
    public let keyword: String
    /// Where the fault is, what was expected and what the value is: "`city`: expected a string, got the number 3".
    public let message: String
    /// The message without the location.
    let fault: String

    /// The message.
    public var description: String { message }
}
