import JSON
import JSONSchema
import MCP
import Tester

/// Reads the arguments of a call of a tool: converts strings to the expected types, and validates the rest.
///
/// Models often give numbers, booleans and objects as strings. The advertised schema stays strict, so that they learn
/// the types; what can be converted without a doubt is accepted.
struct ArgumentReader {
    private let tool: Tool
    private let schema: JSONSchema
    private let properties: JSONObject

    /// - Throws: `JSONSchemaError` if the input schema of the tool is invalid.
    init(_ tool: Tool) throws(JSONSchemaError) {
        self.tool = tool
        let schema = tool.inputSchema?.jsonValue ?? ["type": "object"]
        self.schema = try JSONSchema(schema)
        properties = schema["properties"]?.object ?? [:]
    }

    /// The arguments, or why they are invalid.
    func read(_ arguments: JSONObject, text: JSONText) -> ToolInput {
        var input = ToolInput(arguments, text: text)
        for member in arguments.members {
            guard case .string(let string) = member.value, let types = types(of: member.key),
                let converted = Self.convert(string, to: types)
            else { continue }
            input.replace(member.key, by: converted)
        }
        for name in ["env", "headers"] { input.convertScalars(in: name) }
        if case .invalid(let violations) = schema.validate(input.all, as: .arguments).outcome {
            input.fault = fault(violations, input)
        } else {
            input.fault = input.secretFault
        }
        return input
    }

    /// The types that a parameter accepts; `nil` if a string is one of them.
    private func types(of name: String) -> [String]? {
        let type = properties[name]?["type"]
        let types = type?.array?.compactMap(\.string) ?? [type?.string].compactMap(\.self)
        return types.contains("string") ? nil : types
    }

    private static func convert(_ string: String, to types: [String]) -> JSONValue? {
        let text = types.contains("boolean") ? string.lowercased() : string
        let value: JSONValue
        do throws(JSONError) {
            value = try JSONValue(parsing: text)
        } catch {
            return nil
        }
        let isExpected =
            switch value {
            case .bool: types.contains("boolean")
            case .number(let number): types.contains("number") || types.contains("integer") && number.int64 != nil
            case .object: types.contains("object")
            case .array: types.contains("array")
            case .string, .null: false
            }
        // A literal `nil` would be the JSON value null.
        return isExpected ? value : Optional.none
    }

    private func fault(_ violations: [Violation], _ input: ToolInput) -> Failure {
        let reasons = violations.map { violation in
            // Values that may be secret are not repeated.
            let tokens = violation.instanceLocation.tokens
            guard let name = tokens.first, ToolInput.secretNames.contains(name) else { return violation.message }
            let expected = name == "auth" ? "a string or an object" : tokens.count > 1 ? "a string" : "an object"
            return "`\(tokens.joined(separator: "."))`: expected \(expected)"
        }
        let required = Set(tool.inputSchema?.jsonValue["required"]?.array?.compactMap(\.string) ?? [])
        let names = properties.keys.map { required.contains($0) ? "\($0) (required)" : $0 }
        return .usage(
            "Invalid arguments for \(tool.name ?? ""): \(reasons.joined(separator: "; ")).",
            nextStep: names.isEmpty
                ? "Omit the arguments: the tool has no parameters." : "Parameters: \(names.joined(separator: ", ")).",
            details: ["violations": .array(reasons.map(JSONValue.string))]
        )
    }
}
