import TextUtilities

/// The expected shape of a JSON value.
public indirect enum ValueShape: Sendable {
    /// Any value.
    case any
    /// The literal `null`.
    case null
    /// Any string.
    case string
    /// A string that starts with a URI scheme.
    case uri
    /// A string in Base64 (RFC 4648, section 4).
    case base64
    /// One fixed string.
    case constant(String)
    /// One of several fixed strings.
    case oneOf([String])
    /// A Boolean.
    case boolean
    /// An integer, with an optional minimum.
    case integer(atLeast: Int?)
    /// A number, with optional bounds.
    case number(within: ClosedRange<Double>?)
    /// An array of elements of one shape, with an optional maximum length.
    case array(ValueShape, atMost: Int?)
    /// An object with at least these members.
    case object([Member])
    /// An object with any names and values of one shape.
    case map(ValueShape)
    /// An object that a view validates.
    case view(any JSONObjectView.Type)
    /// One of two shapes with different JSON types.
    case either(ValueShape, ValueShape)

    /// An integer of any size.
    public static let integer = ValueShape.integer(atLeast: nil)
    /// A number of any size.
    public static let number = ValueShape.number(within: nil)
    /// A number from 0 to 1.
    public static let fraction = ValueShape.number(within: 0...1)
    /// An object with any members.
    public static let object = ValueShape.object([])
    /// An object whose values are strings.
    public static let stringMap = ValueShape.map(.string)
    /// A request ID or progress token.
    public static let stringOrInteger = ValueShape.either(.string, .integer)

    /// An array of elements of one shape.
    public static func array(_ element: ValueShape) -> ValueShape {
        .array(element, atMost: nil)
    }

    /// An array of objects of one type.
    public static func arrayOf(_ view: any JSONObjectView.Type) -> ValueShape {
        .array(.view(view))
    }
}

extension ValueShape: CustomStringConvertible {
    /// The shape in words, such as “a string”.
    public var description: String {
        switch self {
        case .any: "any value"
        case .null: "null"
        case .string: "a string"
        case .uri: "a URI with a scheme such as `file:`"
        case .base64: "a Base64 string"
        case .constant(let word): "the string \"\(word)\""
        case .oneOf(let words): "one of " + words.map { "\"\($0)\"" }.joined(separator: ", ")
        case .boolean: "true or false"
        case .integer(let least): least.map { "an integer of at least \($0)" } ?? "an integer"
        case .number(let bounds): bounds.map { "a number from \($0.lowerBound) to \($0.upperBound)" } ?? "a number"
        case .array(_, let most): most.map { "an array of at most \($0) elements" } ?? "an array"
        case .object, .map, .view: "an object"
        case .either(let one, let other): "\(one) or \(other)"
        }
    }
}
