/// Any JSON value, as it stood in its text: members in their order, numbers with their literal.
///
/// Two equalities exist: `==` compares by value, as JSON Schema does (`1.0 == 1`, members unordered), and
/// ``isIdentical(to:)`` compares exactly. Source: RFC 8259.
public enum JSONValue: Sendable {
    /// The literal `null`.
    case null
    /// The literal `true` or `false`.
    case bool(Bool)
    /// A number of any size and precision.
    case number(JSONNumber)
    /// A string of Unicode scalars.
    case string(String)
    /// Values in order.
    case array([JSONValue])
    /// Named values in the order in which they were given.
    case object(JSONObject)
}

// MARK: - Reading

extension JSONValue {
    /// The type's name as JSON Schema writes it; numbers are `number`, also integral ones.
    public var typeName: String {
        switch self {
        case .null: "null"
        case .bool: "boolean"
        case .number: "number"
        case .string: "string"
        case .array: "array"
        case .object: "object"
        }
    }

    /// Tells whether this is the literal `null`.
    public var isNull: Bool {
        if case .null = self { true } else { false }
    }

    /// The truth value, if this is one.
    public var bool: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    /// The number, if this is one.
    public var number: JSONNumber? {
        if case .number(let value) = self { value } else { nil }
    }

    /// The integer, if this is a number whose value is integral and fits.
    public var int: Int? {
        number?.int64.flatMap(Int.init(exactly:))
    }

    /// The nearest double, if this is a number.
    public var double: Double? {
        number?.double
    }

    /// The string, if this is one.
    public var string: String? {
        if case .string(let value) = self { value } else { nil }
    }

    /// The elements, if this is an array.
    public var array: [JSONValue]? {
        if case .array(let value) = self { value } else { nil }
    }

    /// The members, if this is an object.
    public var object: JSONObject? {
        if case .object(let value) = self { value } else { nil }
    }

    /// The member of that name, if this is an object that has one.
    public subscript(key: String) -> JSONValue? {
        object?[key]
    }

    /// The element at that position, if this is an array that long.
    public subscript(index: Int) -> JSONValue? {
        guard case .array(let elements) = self, elements.indices.contains(index) else { return nil }
        return elements[index]
    }
}

// MARK: - Literals

extension JSONValue: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByStringInterpolation, ExpressibleByArrayLiteral,
    ExpressibleByDictionaryLiteral
{
    /// Creates `null`.
    public init(nilLiteral: ()) {
        self = .null
    }

    /// Creates a truth value.
    public init(booleanLiteral value: Bool) {
        self = .bool(value)
    }

    /// Creates an integer.
    public init(integerLiteral value: Int64) {
        self = .number(JSONNumber(value))
    }

    /// Creates a number; one that is not finite becomes `null`, for JSON has no other word for it.
    public init(floatLiteral value: Double) {
        self = JSONNumber(value).map(JSONValue.number) ?? .null
    }

    /// Creates a string.
    public init(stringLiteral value: String) {
        self = .string(value)
    }

    /// Creates an array.
    public init(arrayLiteral elements: JSONValue...) {
        self = .array(elements)
    }

    /// Creates an object with the members in the order given.
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(JSONObject(elements.map { JSONObject.Member(key: $0.0, value: $0.1) }))
    }

    /// Creates an integer.
    public init(_ value: some BinaryInteger) {
        self = .number(JSONNumber(value))
    }

    /// Creates a number, or `null` for one that is not finite.
    public init(_ value: Double) {
        self.init(floatLiteral: value)
    }
}

// MARK: - Equality

extension JSONValue: Hashable {
    /// Compares by value as JSON Schema does: numbers mathematically, objects without regard to order.
    public static func == (one: JSONValue, other: JSONValue) -> Bool {
        switch (one, other) {
        case (.null, .null): true
        case (.bool(let a), .bool(let b)): a == b
        case (.number(let a), .number(let b)): a == b
        case (.string(let a), .string(let b)): a.hasSameScalars(as: b)
        case (.array(let a), .array(let b)): a == b
        case (.object(let a), .object(let b)): a == b
        default: false
        }
    }

    /// Feeds the value, not its spelling, to the hasher.
    public func hash(into hasher: inout Hasher) {
        switch self {
        case .null: hasher.combine(0)
        case .bool(let value): hasher.combine(value)
        case .number(let value): hasher.combine(value)
        case .string(let value):
            for byte in value.utf8 { hasher.combine(byte) }
            hasher.combine(0xFF as UInt8)
        case .array(let elements): hasher.combine(elements)
        case .object(let members): hasher.combine(members)
        }
    }

    /// Tells whether both were spelled alike: the same members in the same order and the same number literals.
    public func isIdentical(to other: JSONValue) -> Bool {
        switch (self, other) {
        case (.number(let a), .number(let b)): a.literal == b.literal
        case (.array(let a), .array(let b)):
            a.count == b.count && zip(a, b).allSatisfy { $0.isIdentical(to: $1) }
        case (.object(let a), .object(let b)):
            a.members.count == b.members.count
                && zip(a.members, b.members).allSatisfy {
                    $0.key.hasSameScalars(as: $1.key) && $0.value.isIdentical(to: $1.value)
                }
        default: self == other
        }
    }
}

extension String {
    /// Compares scalar by scalar: JSON strings are not canonically equivalent, as Swift's `==` has it.
    package func hasSameScalars(as other: String) -> Bool {
        // Canonical equivalence is looked at first only because it is the fastest way to see a difference.
        utf8.count == other.utf8.count && self == other && utf8.elementsEqual(other.utf8)
    }
}
