/// A number of JSON, kept so that nothing of it is lost.
///
/// A plain integer of up to 18 digits is an `Int64`; anything else (`1.0`, `1E400`, `-0`, 20 digits) keeps its literal.
public struct JSONNumber: Sendable {
    package enum Storage: Sendable {
        case integer(Int64)
        case literal(String)
    }

    package let storage: Storage

    package init(storage: Storage) {
        self.storage = storage
    }

    /// Creates an integer.
    public init(_ value: some BinaryInteger) {
        if let small = Int64(exactly: value) {
            storage = .integer(small)
        } else {
            storage = .literal(String(value))
        }
    }

    /// Creates a number with the shortest literal that reads back as the same double, or nothing if it is not finite.
    public init?(_ value: Double) {
        guard value.isFinite else { return nil }
        if let integer = Int64(exactly: value), integer.magnitude < 1_000_000_000_000_000,
            !(value == 0 && value.sign == .minus)
        {
            storage = .integer(integer)
        } else {
            storage = .literal("\(value)")
        }
    }

    /// Creates a number from its literal, or nothing if the text is no number of JSON.
    public init?(literal: String) {
        let bytes = Array(literal.utf8)
        var scanner = JSONScanner()
        guard let number = try? scanner.readNumber(in: bytes.span.bytes), scanner.position == bytes.count else {
            return nil
        }
        self = number
    }

    /// The text of the number as it was read or would be written.
    public var literal: String {
        switch storage {
        case .integer(let value): String(value)
        case .literal(let text): text
        }
    }

    /// The value, if it is integral (`1.0` and `1e2` are) and fits.
    public var int64: Int64? {
        switch storage {
        case .integer(let value): value
        case .literal: decimal.int64
        }
    }

    /// The nearest double; infinite where the number is beyond its range.
    public var double: Double {
        switch storage {
        case .integer(let value): Double(value)
        case .literal(let text): Double(text) ?? .nan
        }
    }

    /// Tells whether the value is a whole number, however it is spelled.
    public var isIntegral: Bool {
        switch storage {
        case .integer: true
        case .literal: decimal.exponent >= 0
        }
    }

    /// The value as sign, significant digits and power of ten.
    package var decimal: JSONDecimal {
        JSONDecimal(literal: literal)
    }
}

extension JSONNumber: Hashable, Comparable {
    /// Compares mathematically: `1.0`, `1` and `10e-1` are equal.
    public static func == (one: JSONNumber, other: JSONNumber) -> Bool {
        if case .integer(let a) = one.storage, case .integer(let b) = other.storage { return a == b }
        return one.decimal == other.decimal
    }

    /// Orders mathematically, whatever the size or precision.
    public static func < (one: JSONNumber, other: JSONNumber) -> Bool {
        if case .integer(let a) = one.storage, case .integer(let b) = other.storage { return a < b }
        return one.decimal < other.decimal
    }

    /// Feeds the value to the hasher, not its spelling.
    public func hash(into hasher: inout Hasher) {
        if let int64 { hasher.combine(int64) } else { hasher.combine(decimal) }
    }
}
