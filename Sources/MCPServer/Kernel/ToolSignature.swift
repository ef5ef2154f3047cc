import JSON
import MCP

/// A tool's arguments on one line, as in a programming language: `add(a: number, note?: string)`.
struct ToolSignature: CustomStringConvertible {
    let description: String

    init(_ tool: Tool) {
        let schema = tool.inputSchema ?? [:]
        let required = Set((schema["required"]?.array ?? []).compactMap(\.string))
        let properties = schema["properties"]?.object?.members ?? []
        let arguments = properties.map { property in
            "\(property.key)\(required.contains(property.key) ? "" : "?"): \(Self.type(of: property.value))"
        }
        description = "\(tool.name ?? "")(\(arguments.joined(separator: ", ")))"
    }

    private static func type(of schema: JSONValue) -> String {
        if let choices = schema["enum"]?.array { return choices.map(\.description).joined(separator: " | ") }
        if let constant = schema["const"] { return constant.description }
        for keyword in ["anyOf", "oneOf"] {
            if let branches = schema[keyword]?.array { return branches.map(type).joined(separator: " | ") }
        }
        switch schema["type"] {
        case .string("array"): return schema["items"].map { "array of \(type(of: $0))" } ?? "array"
        case .string(let name): return name
        case .array(let names): return names.compactMap(\.string).joined(separator: " | ")
        default: return "any"
        }
    }
}
