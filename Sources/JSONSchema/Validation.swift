public import JSON

/// What came out of validating a value.
public struct Validation: Sendable, Hashable {
    /// The three ways it can end.
    public enum Outcome: Sendable, Hashable {
        /// The value meets the schema.
        case valid
        /// The value breaks the schema; there is at least one violation.
        case invalid([Violation])
        /// A limit was reached before it was known.
        case inconclusive(JSONSchemaLimits.Exceeded)
    }

    /// How it ended.
    public let outcome: Outcome

    init(_ outcome: Outcome) {
        self.outcome = outcome
    }

    /// Tells whether the value is known to meet the schema; false also where that is not known.
    public var isValid: Bool {
        outcome == .valid
    }

    /// What is wrong with the value, empty also where that is not known.
    public var errors: [Violation] {
        if case .invalid(let violations) = outcome { violations } else { [] }
    }

    /// The limit that was reached, if one was.
    public var exceeded: JSONSchemaLimits.Exceeded? {
        if case .inconclusive(let exceeded) = outcome { exceeded } else { nil }
    }
}

/// One way in which a value breaks a schema.
public struct Violation: Sendable, Hashable, CustomStringConvertible {
    /// Where in the value.
    public let instanceLocation: JSONPointer
    /// The way through the schema to the keyword, references included as they were followed.
    public let keywordLocation: JSONPointer
    /// The keyword by its URI, where its resource has an absolute one.
    public let absoluteKeywordLocation: String?
    /// The keyword that is broken; `false` for a schema that allows nothing.
    public let keyword: String
    /// A sentence that says what is there, where, and what is expected.
    public let message: String

    /// The message.
    public var description: String { message }
}
