import JSON

/// Writes values as YAML on one line, so that ``YAMLParser`` reads the same values.
enum YAMLText {
    /// A value as a part of a line; references such as `${NAME}` in it are escaped.
    static func of(_ value: JSONValue) -> String {
        switch value {
        case .null, .bool, .number: value.description
        case .string(let text): of(text)
        case .array(let elements): "[\(elements.map(of).joined(separator: ", "))]"
        case .object(let object):
            "{\(object.members.map { "\(of($0.key)): \(of($0.value))" }.joined(separator: ", "))}"
        }
    }

    /// Text, quoted if it could be read as something else.
    static func of(_ text: String) -> String {
        let escaped = text.replacing("${", with: "$${")
        guard isPlain(escaped) else { return JSONValue.string(escaped).description }
        return escaped
    }

    private static func isPlain(_ text: String) -> Bool {
        guard let first = text.unicodeScalars.first, text.count <= 80 else { return false }
        guard first.properties.isAlphabetic || first == "/" || first == "$" && !text.hasPrefix("$$") else {
            return false
        }
        let isSafe = text.unicodeScalars.allSatisfy { scalar in
            scalar.properties.isAlphabetic || scalar.properties.numericType != nil
                || "-_./ $+=@?()".unicodeScalars.contains(scalar)
        }
        guard isSafe, !text.hasSuffix(" "), case .string = PlainScalar.value(of: text) else { return false }
        return true
    }
}
