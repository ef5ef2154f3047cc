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
        case .number(let number): self.init(number)
        default: return nil
        }
    }

    private init?(_ number: JSONNumber) {
        switch number.storage {
        case .integer(let integer): self = .integer(integer)
        case .literal(let text):
            guard let integer = Int64(text) else { return nil }
            self = .integer(integer)
        }
    }

    /// Reads an id from text; nil as for a value.
    init?(_ text: JSONText) {
        if let number = text.number {
            self.init(number)
        } else if let string = text.string {
            self = .string(string)
        } else {
            return nil
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
