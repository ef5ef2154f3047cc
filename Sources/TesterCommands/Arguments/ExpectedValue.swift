import JSON

/// The types and values that a schema allows, as far as a text can be converted to them.
struct ExpectedValue: CustomStringConvertible {
    /// The allowed types, by the names of JSON Schema; empty if the schema does not say.
    private(set) var types: [String] = []
    /// The allowed values, if the schema lists them.
    private(set) var choices: [JSONValue] = []

    /// - Parameters:
    ///   - schema: The schema of a property.
    ///   - root: The schema in which references are resolved.
    init(_ schema: JSONValue, root: JSONValue) {
        collect(schema, root, depth: 0)
    }

    private mutating func collect(_ schema: JSONValue, _ root: JSONValue, depth: Int) {
        // A reference may lead back to itself.
        guard depth < 16 else { return }
        if let reference = schema["$ref"]?.string, reference.hasPrefix("#"),
            let pointer = JSONPointer(String(reference.dropFirst())), let meant = root[pointer]
        {
            collect(meant, root, depth: depth + 1)
        }
        for keyword in ["anyOf", "oneOf", "allOf"] {
            for branch in schema[keyword]?.array ?? [] { collect(branch, root, depth: depth + 1) }
        }
        choices += schema["enum"]?.array ?? []
        if let constant = schema["const"] { choices.append(constant) }
        // The type beside an enumeration adds nothing.
        guard schema["enum"] == nil, schema["const"] == nil else { return }
        switch schema["type"] {
        case .string(let type): types.append(type)
        case .array(let names): types += names.compactMap(\.string)
        default: break
        }
    }

    /// The value that a text stands for, the narrowest type first; nil if no type fits.
    func value(of text: String) -> JSONValue? {
        if types.isEmpty, choices.isEmpty { return .string(text) }
        if let choice = choices.first(where: { $0.asTyped.hasSameScalars(as: text) }) { return choice }
        for type in ["null", "boolean", "integer", "number", "array", "object", "string"] where types.contains(type) {
            if let value = Self.value(of: text, as: type) { return value }
        }
        return nil
    }

    private static func value(of text: String, as type: String) -> JSONValue? {
        switch type {
        case "null": return text == "null" ? .null : nil
        case "boolean":
            switch text.lowercased() {
            case "true": return true
            case "false": return false
            default: return nil
            }
        case "integer": return JSONNumber(literal: text).flatMap { $0.isIntegral ? .number($0) : nil }
        case "number": return JSONNumber(literal: text).map(JSONValue.number)
        case "array": return json(text)?.array.map(JSONValue.array)
        case "object": return json(text)?.object.map(JSONValue.object)
        default: return .string(text)
        }
    }

    private static func json(_ text: String) -> JSONValue? {
        do throws(JSONError) {
            return try JSONValue(parsing: text)
        } catch {
            return nil
        }
    }

    /// What is expected, as a phrase.
    var description: String {
        let kinds = types.map { type in
            switch type {
            case "null": "null"
            case "boolean": "true or false"
            case "integer": "an integer"
            case "number": "a number"
            case "array": "a JSON array, such as '[1, 2]'"
            case "object": "a JSON object, such as '{\"a\": 1}'"
            default: "a string"
            }
        }
        let values = choices.map(\.asTyped)
        let listed = values.isEmpty ? [] : ["one of \(values.joined(separator: ", "))"]
        return (listed + kinds).joined(separator: ", or ")
    }
}

extension JSONValue {
    /// The value as typed in a shell: strings without quotes.
    fileprivate var asTyped: String {
        string ?? description
    }
}
