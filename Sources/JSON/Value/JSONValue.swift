/// A JSON value that keeps the order of members and the literals of numbers.
///
/// `==` compares by value, as JSON Schema does (`1.0 == 1`, members in any order). ``isIdentical(to:)`` compares order and
/// literals too. Source: RFC 8259.
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
    /// Named values in order.
    case object(JSONObject)
}

// MARK: - Reading

extension JSONValue {
    /// The name of the type in JSON Schema, with `number` for integers too.
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

    /// Whether this is `null`.
    public var isNull: Bool {
        if case .null = self { true } else { false }
    }

    /// The Boolean, if this is one.
    public var bool: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    /// The number, if this is one.
    public var number: JSONNumber? {
        if case .number(let value) = self { value } else { nil }
    }

    /// The integer, if this is an integral number in the range of `Int`.
    public var int: Int? {
        number?.int64.flatMap(Int.init(exactly:))
    }

    /// The nearest `Double`, if this is a number.
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

    /// The value of a member, or nil if it is missing or this is not an object.
    public subscript(key: String) -> JSONValue? {
        object?[key]
    }

    /// The element at an index, or nil if it is out of range or this is not an array.
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

    /// Creates a Boolean.
    public init(booleanLiteral value: Bool) {
        self = .bool(value)
    }

    /// Creates an integer.
    public init(integerLiteral value: Int64) {
        self = .number(JSONNumber(value))
    }

    /// Creates a number, or `null` if the value is not finite, because JSON has no literal for it.
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

    /// Creates an object with the members in the given order.
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(JSONObject(elements.map { JSONObject.Member(key: $0.0, value: $0.1) }))
    }

    /// Creates an integer.
    public init(_ value: Int) {
        self = .number(JSONNumber(value))
    }

    /// Creates an integer.
    public init(_ value: Int64) {
        self = .number(JSONNumber(value))
    }

    /// Creates an integer of any other type.
    public init(_ value: some BinaryInteger) {
        self = .number(JSONNumber(value))
    }

    /// Creates a number, or `null` if the value is not finite.
    public init(_ value: Double) {
        self.init(floatLiteral: value)
    }
}

// MARK: - Equality

extension JSONValue: Hashable {
    /// Compares by value, as JSON Schema does: numbers mathematically, objects in any order.
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

    /// Hashes the value, independent of order and literals.
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

    /// Whether both have the same members in the same order and the same number literals.
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
    /// Compares scalar by scalar, as JSON does.
    ///
    /// Swift's `==` compares by canonical equivalence.
    package func hasSameScalars(as other: String) -> Bool {
        var other = other
        return other.withUTF8 { hasUTF8($0) }
    }

    /// Whether these bytes are the string in UTF-8.
    func hasUTF8(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard utf8.count == bytes.count else { return false }
        return utf8.withContiguousStorageIfAvailable { $0.hasSameBytes(as: bytes) } ?? utf8.elementsEqual(bytes)
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// Compares as many bytes as this has, eight at a time.
    fileprivate func hasSameBytes(as other: UnsafeBufferPointer<UInt8>) -> Bool {
        let (one, other) = (UnsafeRawBufferPointer(self), UnsafeRawBufferPointer(other))
        var position = 0
        while position &+ 8 <= one.count {
            let word = one.loadUnaligned(fromByteOffset: position, as: UInt64.self)
            if word != other.loadUnaligned(fromByteOffset: position, as: UInt64.self) { return false }
            position &+= 8
        }
        while position < one.count {
            if one[position] != other[position] { return false }
            position &+= 1
        }
        return true
    }
}
