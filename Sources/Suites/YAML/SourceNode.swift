package import JSON

/// A value of a suite file with its place.
package struct SourceNode: Sendable {
    package enum Content: Sendable {
        /// Text; a plain scalar, which has no quotes, can also be a number, a Boolean or null.
        case scalar(String, isPlain: Bool)
        case sequence([SourceNode])
        case mapping([Entry])
    }

    /// A member of a mapping.
    package struct Entry: Sendable {
        package let key: String
        package let keyOffset: Int
        package let value: SourceNode
    }

    package let content: Content
    /// Where it starts in the file, in bytes.
    package let offset: Int
    /// How many values it has, itself included, with aliases replaced.
    let weight: Int

    /// The value by the core schema of YAML 1.2.
    package var json: JSONValue {
        switch content {
        case .scalar(let text, let isPlain): isPlain ? PlainScalar.value(of: text) : .string(text)
        case .sequence(let nodes): .array(nodes.map(\.json))
        case .mapping(let entries): .object(JSONObject(entries.map { .init(key: $0.key, value: $0.value.json) }))
        }
    }

    /// The value of a key; nil if this is not a mapping that has it.
    package subscript(key: String) -> SourceNode? {
        guard case .mapping(let entries) = content else { return nil }
        return entries.first { $0.key == key }?.value
    }

    /// Whether it is null or an empty value.
    var isNull: Bool {
        if case .scalar(let text, true) = content { return PlainScalar.value(of: text).isNull }
        return false
    }

    /// What it is, for messages.
    var typeName: String {
        switch content {
        case .sequence: "a list"
        case .mapping: "a mapping"
        case .scalar: Self.name(of: json)
        }
    }

    /// How many characters a caret marks.
    var length: Int {
        if case .scalar(let text, let isPlain) = content { return text.unicodeScalars.count + (isPlain ? 0 : 2) }
        return 1
    }

    private static func name(of value: JSONValue) -> String {
        switch value {
        case .null: "null"
        case .bool(let value): "\(value)"
        case .number(let number): "the number \(number.literal)"
        case .string(let text): text.count > 40 ? "a text" : "the text \"\(text)\""
        case .array: "a list"
        case .object: "a mapping"
        }
    }
}

/// Reads plain scalars by the core schema of YAML 1.2, in which `yes`, `no` and `012` have no special meaning.
enum PlainScalar {
    static func value(of text: String) -> JSONValue {
        switch text {
        case "", "~", "null", "Null", "NULL": return .null
        case "true", "True", "TRUE": return true
        case "false", "False", "FALSE": return false
        default: break
        }
        guard let first = text.utf8.first, first.isDigit || first == 0x2D || first == 0x2B || first == 0x2E else {
            return .string(text)
        }
        let unsigned = first == 0x2B ? String(text.dropFirst()) : text
        if let number = JSONNumber(literal: unsigned) { return .number(number) }
        if unsigned.hasPrefix("0x"), let value = Int(unsigned.dropFirst(2), radix: 16) { return JSONValue(value) }
        if unsigned.hasPrefix("0o"), let value = Int(unsigned.dropFirst(2), radix: 8) { return JSONValue(value) }
        let digits = unsigned.hasPrefix("-") ? unsigned.dropFirst() : unsigned[...]
        // Numbers that JSON writes otherwise: 007, 1., .5.
        if !digits.isEmpty, digits.utf8.allSatisfy(\.isDigit), let value = Int(unsigned) { return JSONValue(value) }
        let isDecimal = digits.utf8.allSatisfy { $0.isDigit || $0 == 0x2E } && digits.utf8.count { $0 == 0x2E } == 1
        if isDecimal, digits.utf8.count > 1, let value = Double(unsigned) { return JSONValue(value) }
        return .string(text)
    }
}

extension UInt8 {
    var isDigit: Bool { (0x30...0x39).contains(self) }
}
