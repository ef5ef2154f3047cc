public import JSON

/// An argument of a tool that is repeated in a field of the request's head.
///
/// Source: 2026-07-28, "Streamable HTTP", "Custom headers from tool parameters"; "Tools", `x-mcp-header`.
public struct MirroredArgument: Sendable, Hashable {
    /// The name of the field without its prefix, as the schema gives it.
    public var field: String
    /// Where the argument stands: the names of the properties that lead to it.
    public var path: [String]

    /// Creates a mirrored argument.
    public init(field: String, path: [String]) {
        self.field = field
        self.path = path
    }

    /// The keyword of a property's schema that asks for it.
    public static let keyword = "x-mcp-header"

    /// The value as text, not yet encoded for a field: strings as they are, integers and booleans as JSON writes them.
    ///
    /// - Returns: Nothing where the argument is absent or null, or has a value that no field can repeat.
    public func text(in arguments: JSONObject) -> String? {
        var value = JSONValue.object(arguments)
        for name in path {
            guard let next = value[name] else { return nil }
            value = next
        }
        switch value {
        case .string(let text): return text
        case .bool(let flag): return flag ? "true" : "false"
        case .number(let number):
            // 42.0 is an integer to JSON Schema, and is told as one.
            guard number.isIntegral else { return nil }
            return number.int64.map(String.init) ?? number.literal
        case .null, .array, .object: return nil
        }
    }
}
