import JSON
import JSONSchema
import MCP
import Tester

/// Reads the arguments of a call of a tool: converts strings to the expected types, and validates the rest.
///
/// Models often give numbers, booleans and objects as strings, and null for what they omit. The advertised schema stays
/// strict, so that they learn the types; what can be converted without a doubt is accepted.
struct ArgumentReader {
    private let tool: Tool
    private let schema: JSONSchema
    private let parameters: [Parameter]
    private let required: [String]

    /// What a quick look at an argument can decide.
    private struct Parameter {
        let name: String
        let types: [String]
        /// The kind of every valid value, and of no invalid one; `nil` if the schema has to decide.
        let simpleKind: JSONText.Kind?
    }

    /// - Throws: `JSONSchemaError` if the input schema of the tool is invalid.
    init(_ tool: Tool) throws(JSONSchemaError) {
        self.tool = tool
        let schema = tool.inputSchema?.jsonValue ?? ["type": "object"]
        self.schema = try JSONSchema(schema)
        required = schema["required"]?.array?.compactMap(\.string) ?? []
        parameters = (schema["properties"]?.object?.members ?? []).map { member in
            let type = member.value["type"]
            let types = type?.array?.compactMap(\.string) ?? [type?.string].compactMap(\.self)
            let isPlain = member.value.object?.members.allSatisfy { ["type", "description"].contains($0.key) } ?? false
            return Parameter(
                name: member.key,
                types: types,
                simpleKind: isPlain && types.count == 1 ? Self.kinds[types[0]] : nil
            )
        }
    }

    /// The types whose values a look at the first byte decides.
    private static let kinds: [String: JSONText.Kind] = [
        "string": .string, "object": .object, "array": .array, "boolean": .bool, "number": .number,
    ]

    /// The arguments, or why they are invalid.
    func read(_ text: JSONText) -> ToolInput {
        var input = ToolInput(text)
        if areSimple(input) { return input }
        input.removeNulls(except: Set(required))
        for (name, text) in input.members {
            guard text.kind == .string, let string = text.string, let parameter = parameter(name),
                !parameter.types.contains("string"), let converted = Self.convert(string, to: parameter.types)
            else { continue }
            input.replace(name, by: converted)
        }
        for name in ["env", "headers"] { input.convertScalars(in: name) }
        if case .invalid(let violations) = schema.validate(input.all, as: .arguments).outcome {
            input.fault = fault(violations)
        } else {
            input.fault = input.secretFault
        }
        return input
    }

    private func parameter(_ name: String) -> Parameter? {
        parameters.first { $0.name == name }
    }

    /// Whether all arguments are obviously valid, as they usually are; then the schema need not be evaluated.
    private func areSimple(_ input: ToolInput) -> Bool {
        for (name, text) in input.members {
            guard let kind = parameter(name)?.simpleKind, kind == text.kind, name != "env", name != "headers" else {
                return false
            }
        }
        return required.allSatisfy { name in input.members.contains { $0.key == name } }
    }

    private static func convert(_ string: String, to types: [String]) -> JSONText? {
        let string = types.contains("boolean") ? string.lowercased() : string
        let text: JSONText
        do throws(JSONError) {
            text = try JSONText(Array(string.utf8))
        } catch {
            return nil
        }
        let isExpected =
            switch text.kind {
            case .bool: types.contains("boolean")
            case .number: types.contains("number") || types.contains("integer") && text.number?.int64 != nil
            case .object: types.contains("object")
            case .array: types.contains("array")
            case .string, .null: false
            }
        return isExpected ? text : nil
    }

    private func fault(_ violations: [Violation]) -> Failure {
        let reasons = violations.map { violation in
            // Values that may be secret are not repeated.
            let tokens = violation.instanceLocation.tokens
            guard let name = tokens.first, ToolInput.secretNames.contains(name) else { return violation.message }
            let expected = name == "auth" ? "a string or an object" : tokens.count > 1 ? "a string" : "an object"
            return "`\(tokens.joined(separator: "."))`: expected \(expected)"
        }
        let names = parameters.map(\.name).filter { !TesterTool.commonParameters.keys.contains($0) }.map { name in
            required.contains(name) ? "\(name) (required)" : name
        }
        return .usage(
            "Invalid arguments for \(tool.name ?? ""): \(reasons.joined(separator: "; ")).",
            nextStep: names.isEmpty
                ? "Omit the arguments: the tool has no parameters." : "Parameters: \(names.joined(separator: ", ")).",
            details: ["violations": .array(reasons.map(JSONValue.string))]
        )
    }
}
