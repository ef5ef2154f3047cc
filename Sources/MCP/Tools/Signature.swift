public import JSON

/// A tool or prompt as a one-line function signature: `echo(message: string, times?: integer = 1)`.
///
/// It is meant for reading; the schema says more.
public struct Signature: Sendable, CustomStringConvertible {
    /// The name of the tool or prompt.
    public let name: String
    /// The parameters, each with its type and default if known.
    public let parameters: [String]
    /// The type of the structured result, if it is known.
    public let result: String?

    /// Creates the signature of a tool.
    public init(tool name: String, input: JSONValue?, output: JSONValue? = nil) {
        self.name = name
        parameters = TypeNames(root: input ?? [:]).members(of: input ?? [:])
        result = output.map { TypeNames(root: $0).name(of: $0) }
    }

    /// Creates the signature of a prompt, whose arguments are strings.
    public init(prompt name: String, arguments: JSONValue?) {
        self.name = name
        parameters = (arguments?.array ?? []).compactMap { argument in
            argument["name"]?.string.map { argument["required"]?.bool == true ? $0 : "\($0)?" }
        }
        result = nil
    }

    /// The signature on one line.
    public var description: String {
        "\(name)(\(parameters.joined(separator: ", ")))" + (result.map { " -> \($0)" } ?? "")
    }
}

/// Names the types that a schema describes, as far as they fit on one line.
private struct TypeNames {
    /// The schema that references point into.
    let root: JSONValue

    private static let deepest = 3
    private static let mostChoices = 8

    func members(of schema: JSONValue, depth: Int = 0) -> [String] {
        let required = Set((schema["required"]?.array ?? []).compactMap(\.string))
        return (schema["properties"]?.object?.members ?? []).map { member in
            let mark = required.contains(member.key) ? "" : "?"
            let value = member.value["default"].map { " = \($0)" } ?? ""
            return "\(member.key)\(mark): \(name(of: member.value, depth: depth + 1))\(value)"
        }
    }

    func name(of schema: JSONValue, depth: Int = 0) -> String {
        guard depth <= Self.deepest else { return "…" }
        if let reference = schema["$ref"]?.string {
            // Only references into the same schema are followed, up to a depth.
            guard reference.hasPrefix("#"), let pointer = JSONPointer(String(reference.dropFirst())),
                let meant = root[pointer]
            else { return "any" }
            return name(of: meant, depth: depth + 1)
        }
        if let constant = schema["const"] { return constant.description }
        if let choices = schema["enum"]?.array { return join(choices.map(\.description)) }
        for keyword in ["anyOf", "oneOf"] {
            if let branches = schema[keyword]?.array { return join(branches.map { name(of: $0, depth: depth + 1) }) }
        }
        if let parts = schema["allOf"]?.array, parts.count == 1 { return name(of: parts[0], depth: depth + 1) }
        switch schema["type"] {
        case .string(let type): return name(ofType: type, schema, depth: depth)
        case .array(let types): return join(types.compactMap(\.string).map { name(ofType: $0, schema, depth: depth) })
        default: return schema["properties"] == nil ? "any" : name(ofType: "object", schema, depth: depth)
        }
    }

    private func name(ofType type: String, _ schema: JSONValue, depth: Int) -> String {
        switch type {
        case "array":
            guard let items = schema["items"], items.object != nil else { return "array" }
            let item = name(of: items, depth: depth + 1)
            return item.contains(" ") ? "(\(item))[]" : "\(item)[]"
        case "object":
            let members = members(of: schema, depth: depth)
            return members.isEmpty ? "object" : "{\(members.joined(separator: ", "))}"
        default: return type
        }
    }

    private func join(_ choices: [String]) -> String {
        let shown = choices.prefix(Self.mostChoices).joined(separator: " | ")
        return choices.count > Self.mostChoices ? "\(shown) | …" : shown
    }
}
