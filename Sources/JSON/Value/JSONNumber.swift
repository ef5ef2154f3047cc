/// A JSON number without loss of precision.
///
/// A plain integer of up to 18 digits is stored as `Int64`; anything else (`1.0`, `1E400`, `-0`, 20 digits) as its literal.
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
    public init(_ value: Int) {
        storage = .integer(Int64(value))
    }

    /// Creates an integer.
    public init(_ value: Int64) {
        storage = .integer(value)
    }

    /// Creates an integer of any other type.
    public init(_ value: some BinaryInteger) {
        if let small = Int64(exactly: value) {
            storage = .integer(small)
        } else {
            storage = .literal(String(value))
        }
    }

    /// Creates a number with the shortest literal for the value, or nil if it is not finite.
    public init?(_ value: Double) {
        guard value.isFinite else { return nil }
        if let integer = Int64(exactly: value), integer.magnitude < 1_000_000_000_000_000,
            !(value == 0 && value.sign == .minus)
        {
            storage = .integer(integer)
        } else {
            storage = .literal(Self.thousandths(value) ?? "\(value)")
        }
    }

    /// The literal of a value with at most three decimals, such as most measured times.
    private static func thousandths(_ value: Double) -> String? {
        let scaled = (value * 1000).rounded()
        guard scaled != 0, scaled.magnitude < 1e12, scaled / 1000 == value else { return nil }
        var rest = Int(scaled.magnitude)
        var digits = 0
        while rest % 10 == 0 {
            rest /= 10
            digits += 1
        }
        let decimals = 3 - digits
        // Text of up to 15 bytes needs no storage.
        return String(unsafeUninitializedCapacity: 15) { bytes in
            var end = 15
            var written = 0
            while rest > 0 || written <= decimals {
                end -= 1
                if written == decimals {
                    bytes[end] = UInt8(ascii: ".")
                    end -= 1
                }
                bytes[end] = UInt8(ascii: "0") + UInt8(rest % 10)
                rest /= 10
                written += 1
            }
            if value < 0 {
                end -= 1
                bytes[end] = UInt8(ascii: "-")
            }
            let count = 15 - end
            for index in 0..<count { bytes[index] = bytes[end + index] }
            return count
        }
    }

    /// Creates a number from its literal, or nil if the text is not a JSON number.
    public init?(literal: String) {
        let bytes = Array(literal.utf8)
        var scanner = JSONScanner()
        guard let number = try? scanner.readNumber(in: bytes.span.bytes), scanner.position == bytes.count else {
            return nil
        }
        self = number
    }

    /// The number as JSON text.
    public var literal: String {
        switch storage {
        case .integer(let value): String(value)
        case .literal(let text): text
        }
    }

    /// The value, if it is integral (such as `1.0` or `1e2`) and in range.
    public var int64: Int64? {
        switch storage {
        case .integer(let value): value
        case .literal: decimal.int64
        }
    }

    /// The nearest `Double`, infinite if the number is out of range.
    public var double: Double {
        switch storage {
        case .integer(let value): Double(value)
        case .literal(let text): Double(text) ?? .nan
        }
    }

    /// Whether the value is integral, such as `1.0` or `1e2`.
    public var isIntegral: Bool {
        switch storage {
        case .integer: true
        case .literal: decimal.exponent >= 0
        }
    }

    /// The value as sign, significant digits and exponent.
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

    /// Compares mathematically, at any size and precision.
    public static func < (one: JSONNumber, other: JSONNumber) -> Bool {
        if case .integer(let a) = one.storage, case .integer(let b) = other.storage { return a < b }
        return one.decimal < other.decimal
    }

    /// Hashes the value, independent of the literal.
    public func hash(into hasher: inout Hasher) {
        if let int64 { hasher.combine(int64) } else { hasher.combine(decimal) }
    }
}
