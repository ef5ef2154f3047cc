import JSON
import JSONSchema

/// Validates an order against a schema, and prints what is wrong with it: `check-order JSON`.
@main
struct CheckOrder {
    static func main() throws {
        let schema = try JSONSchema([
            "type": "object",
            "properties": [
                "item": ["type": "string", "minLength": 1],
                "count": ["type": "integer", "minimum": 1],
            ],
            "required": ["item", "count"],
            "additionalProperties": false,
        ])
        let text = CommandLine.arguments.dropFirst().first ?? #"{"itm": "pear", "count": "two"}"#
        let order = try JSONValue(parsing: text)
        switch schema.validate(order).outcome {
        case .valid:
            print("The order is valid.")
        case .invalid(let violations):
            for violation in violations { print("- \(violation.message)") }
        case .inconclusive(let limit):
            print("Not decided: \(limit)")
        }
    }
}
