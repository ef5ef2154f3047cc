import JSON
import MCP

/// Says what a form field accepts.
enum FieldHint {
    /// The type, the limits, and whether the field can be left empty: `whole number, 1 to 10, optional`.
    static func text(_ field: ElicitationField, isRequired: Bool) -> String {
        var parts = [type(field)]
        if let limits = limits(field) { parts.append(limits) }
        if !isRequired, field.default == nil { parts.append("optional") }
        return parts.joined(separator: ", ")
    }

    /// The default in brackets, as it would be typed; empty if there is none.
    static func defaultText(_ field: ElicitationField) -> String {
        guard let value = field.default else { return "" }
        let text =
            switch value {
            case .bool(let isTrue): isTrue ? "yes" : "no"
            case .array(let values): values.map { $0.string ?? $0.description }.joined(separator: ",")
            default: value.string ?? value.description
            }
        return " [\(text)]"
    }

    private static func type(_ field: ElicitationField) -> String {
        switch field.kind {
        case .string, nil:
            switch field.format {
            case "email": "e-mail address"
            case "uri": "URI"
            case "date": "date, YYYY-MM-DD"
            case "date-time": "date and time, YYYY-MM-DDThh:mm:ssZ"
            default: "text"
            }
        case .number: field.type == "integer" ? "whole number" : "number"
        case .boolean: "y/n"
        case .choice, .titledChoice, .namedChoice: "a choice or its number"
        case .choices, .titledChoices: "choices or their numbers, separated by commas"
        }
    }

    private static func limits(_ field: ElicitationField) -> String? {
        switch field.kind {
        case .string, nil: range(field.minLength, field.maxLength, unit: " characters")
        case .number: range(field.minimum.map(number), field.maximum.map(number), unit: "")
        case .choices, .titledChoices: range(field.minItems, field.maxItems, unit: " of them")
        default: nil
        }
    }

    private static func range(
        _ low: (some CustomStringConvertible)?,
        _ high: (some CustomStringConvertible)?,
        unit: String
    ) -> String? {
        switch (low, high) {
        case (let low?, let high?): "\(low) to \(high)\(unit)"
        case (let low?, nil): "at least \(low)\(unit)"
        case (nil, let high?): "at most \(high)\(unit)"
        case (nil, nil): nil
        }
    }

    private static func number(_ value: Double) -> String {
        Int(exactly: value).map(String.init) ?? "\(value)"
    }
}
