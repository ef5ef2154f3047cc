public import JSON
public import JSONRPC

/// A Swift type with one representation in JSON.
public protocol JSONConvertible: Sendable {
    /// Reads a value, or returns nil if it has another type.
    init?(jsonValue: JSONValue)

    /// The value in JSON.
    var jsonValue: JSONValue { get }
}

extension JSONValue: JSONConvertible {
    /// Wraps any value.
    public init?(jsonValue: JSONValue) {
        self = jsonValue
    }

    /// The value itself.
    public var jsonValue: JSONValue { self }
}

extension JSONObject: JSONConvertible {
    /// Reads an object.
    public init?(jsonValue: JSONValue) {
        guard let object = jsonValue.object else { return nil }
        self = object
    }

    /// The object as a JSON value.
    public var jsonValue: JSONValue { .object(self) }
}

extension String: JSONConvertible {
    /// Reads a string.
    public init?(jsonValue: JSONValue) {
        guard let string = jsonValue.string else { return nil }
        self = string
    }

    /// The string as a JSON value.
    public var jsonValue: JSONValue { .string(self) }
}

extension Bool: JSONConvertible {
    /// Reads a Boolean.
    public init?(jsonValue: JSONValue) {
        guard let bool = jsonValue.bool else { return nil }
        self = bool
    }

    /// The Boolean as a JSON value.
    public var jsonValue: JSONValue { .bool(self) }
}

extension Int: JSONConvertible {
    /// Reads an integral number that fits.
    public init?(jsonValue: JSONValue) {
        guard let int = jsonValue.int else { return nil }
        self = int
    }

    /// The integer as a JSON value.
    public var jsonValue: JSONValue { JSONValue(self) }
}

extension Double: JSONConvertible {
    /// Reads any number as the nearest double.
    public init?(jsonValue: JSONValue) {
        guard let double = jsonValue.double else { return nil }
        self = double
    }

    /// The number as a JSON value; `null` if it is not finite.
    public var jsonValue: JSONValue { JSONValue(self) }
}

extension Array: JSONConvertible where Element: JSONConvertible {
    /// Reads an array.
    ///
    /// Elements of another type are skipped, so that one bad element does not hide the good ones.
    public init?(jsonValue: JSONValue) {
        guard let array = jsonValue.array else { return nil }
        self = array.compactMap(Element.init(jsonValue:))
    }

    /// The elements as a JSON value.
    public var jsonValue: JSONValue { .array(map(\.jsonValue)) }
}

extension RequestID: JSONConvertible {
    /// Reads a string or an integer.
    public init?(jsonValue: JSONValue) {
        self.init(jsonValue)
    }

    /// The ID as a JSON value.
    public var jsonValue: JSONValue { value }
}

extension JSONConvertible where Self: RawRepresentable, RawValue == String {
    /// Reads a string that names a case of this type.
    public init?(jsonValue: JSONValue) {
        guard let name = jsonValue.string else { return nil }
        self.init(rawValue: name)
    }

    /// The name as a JSON value.
    public var jsonValue: JSONValue { .string(rawValue) }
}
