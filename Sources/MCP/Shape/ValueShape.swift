import TextUtilities

/// What a value must look like.
public indirect enum ValueShape: Sendable {
    /// Anything.
    case any
    /// The literal `null`.
    case null
    /// Any string.
    case string
    /// A string with a URI scheme at its beginning.
    case uri
    /// A string of Base64 (RFC 4648, section 4).
    case base64
    /// One string only.
    case constant(String)
    /// One of a few strings.
    case oneOf([String])
    /// A truth value.
    case boolean
    /// A whole number, perhaps with a least value.
    case integer(atLeast: Int?)
    /// Any number, perhaps within bounds.
    case number(within: ClosedRange<Double>?)
    /// Values of one shape, perhaps with a greatest number of them.
    case array(ValueShape, atMost: Int?)
    /// An object with at least these members.
    case object([Member])
    /// An object with any names and values of one shape.
    case map(ValueShape)
    /// An object that a view judges.
    case view(any JSONObjectView.Type)
    /// One of two shapes of different JSON types.
    case either(ValueShape, ValueShape)

    /// A whole number of any size.
    public static let integer = ValueShape.integer(atLeast: nil)
    /// A number of any size.
    public static let number = ValueShape.number(within: nil)
    /// A share from 0 to 1.
    public static let fraction = ValueShape.number(within: 0...1)
    /// An object with any members.
    public static let object = ValueShape.object([])
    /// An object whose values are strings.
    public static let stringMap = ValueShape.map(.string)
    /// A request id or progress token.
    public static let stringOrInteger = ValueShape.either(.string, .integer)

    /// Values of one shape.
    public static func array(_ element: ValueShape) -> ValueShape {
        .array(element, atMost: nil)
    }

    /// Objects of one type.
    public static func arrayOf(_ view: any JSONObjectView.Type) -> ValueShape {
        .array(.view(view))
    }
}

extension ValueShape: CustomStringConvertible {
    /// The shape as the end of a sentence: “a string”.
    public var description: String {
        switch self {
        case .any: "any value"
        case .null: "null"
        case .string: "a string"
        case .uri: "a URI (a string that begins with a scheme such as “file:”)"
        case .base64: "a string of Base64"
        case .constant(let word): "the string “\(word)”"
        case .oneOf(let words): "one of " + words.map { "“\($0)”" }.joined(separator: ", ")
        case .boolean: "true or false"
        case .integer(let least): least.map { "an integer of at least \($0)" } ?? "an integer"
        case .number(let bounds): bounds.map { "a number from \($0.lowerBound) to \($0.upperBound)" } ?? "a number"
        case .array(_, let most): most.map { "an array of at most \($0) elements" } ?? "an array"
        case .object, .map, .view: "an object"
        case .either(let one, let other): "\(one) or \(other)"
        }
    }
}
