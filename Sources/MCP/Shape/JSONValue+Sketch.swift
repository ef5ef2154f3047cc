import JSON

extension JSONValue {
    /// A short description of the value for messages.
    ///
    /// Long values are counted, not quoted, because a peer may send anything.
    var sketch: String {
        switch self {
        case .null: "null"
        case .bool(let value): value ? "true" : "false"
        case .number(let number) where number.literal.utf8.count <= 40: "the number \(number.literal)"
        case .number(let number): "a number of \(number.literal.utf8.count) characters"
        case .string(let text) where text.utf8.count <= 40: "the string \(self)"
        case .string(let text): "a string of \(text.utf8.count) bytes"
        case .array: "an array"
        case .object: "an object"
        }
    }
}
