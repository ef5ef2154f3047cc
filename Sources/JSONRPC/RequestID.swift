public import JSON

/// The id that a response shares with its request: a string or an integer, never equal across types (`1` is not `"1"`).
///
/// Source: basic protocol, "Requests", all revisions.
public enum RequestID: Sendable, Hashable {
    /// A number without a fraction or an exponent.
    case integer(Int64)
    /// A string.
    case string(String)

    /// Reads an id; nil if the value is of another type, fractional or beyond 64 bits.
    public init?(_ value: JSONValue) {
        switch value {
        case .string(let text): self = .string(text)
        case .number(let number):
            guard let integer = Int64(number.literal) else { return nil }
            self = .integer(integer)
        default: return nil
        }
    }

    /// The id as it is written in a message.
    public var value: JSONValue {
        switch self {
        case .integer(let number): JSONValue(number)
        case .string(let text): .string(text)
        }
    }
}

extension RequestID: CustomStringConvertible {
    /// The id as JSON text, so that `1` and `"1"` look different.
    public var description: String { value.description }
}

extension RequestID: ExpressibleByIntegerLiteral, ExpressibleByStringLiteral {
    /// Creates an integer id.
    public init(integerLiteral value: Int64) {
        self = .integer(value)
    }

    /// Creates a string id.
    public init(stringLiteral value: String) {
        self = .string(value)
    }
}
