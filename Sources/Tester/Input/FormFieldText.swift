package import JSON
package import MCP

/// Converts text that a person typed to the type of a form field.
package enum FormFieldText {
    /// Converts a text.
    ///
    /// - Throws: ``Failure`` of the class `usage` that says what the field accepts.
    package static func value(_ text: String, for name: String, _ field: ElicitationField) throws(Failure) -> JSONValue
    {
        switch field.kind {
        case .string, nil: return .string(text)
        case .number:
            if let value = number(text, isWhole: field.type == "integer") { return value }
            throw refusal(text, name, field.type == "integer" ? "an integer" : "a number")
        case .boolean:
            switch text.lowercased() {
            case "true", "yes", "y", "1": return true
            case "false", "no", "n", "0": return false
            default: throw refusal(text, name, "yes or no")
            }
        case .choice, .titledChoice, .namedChoice: return .string(try choice(text, name, field))
        case .choices, .titledChoices:
            guard !text.isEmpty else { return [] }
            var values: [JSONValue] = []
            for part in text.split(separator: ",") {
                values.append(.string(try choice(part.trimmingSpaces, name, field)))
            }
            return .array(values)
        }
    }

    /// Converts a text and checks it against what the form says of the field alone, such as its length.
    ///
    /// - Throws: ``Failure`` of the class `usage` that says what the field accepts.
    package static func checkedValue(
        _ text: String,
        for name: String,
        _ field: ElicitationField
    ) throws(Failure) -> JSONValue {
        let value = try value(text, for: name, field)
        let schema: JSONValue = ["type": "object", "properties": [name: .object(field.json)]]
        let reasons = InputReply.reasons(against: [name: value], schema)
        guard reasons.isEmpty else {
            throw .usage("\(reasons.joined(separator: "; ")).", nextStep: "Give a valid value.")
        }
        return value
    }

    /// A choice by its value, its title, or its number from 1.
    private static func choice(_ text: String, _ name: String, _ field: ElicitationField) throws(Failure) -> String {
        let choices = field.choices ?? []
        if let found = choices.first(where: { $0.value == text || $0.title == text }) { return found.value }
        if let number = Int(text), choices.indices.contains(number - 1) { return choices[number - 1].value }
        throw refusal(text, name, "one of: \(choices.map(\.value).joined(separator: ", "))")
    }

    private static func number(_ text: String, isWhole: Bool) -> JSONValue? {
        do throws(JSONError) {
            let value = try JSONValue(parsing: Array(text.utf8))
            guard let number = value.number, !isWhole || number.int64 != nil else { return nil }
            return value
        } catch {
            return nil
        }
    }

    private static func refusal(_ text: String, _ name: String, _ what: String) -> Failure {
        .usage("`\(name)`: expected \(what), got \"\(text)\".", nextStep: "Give \(what).")
    }
}

extension Substring {
    fileprivate var trimmingSpaces: String {
        var text = self
        while text.first == " " { text.removeFirst() }
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
