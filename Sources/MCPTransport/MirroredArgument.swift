public import JSON

/// An argument of a tool that is repeated in a header field of the request.
///
/// Source: 2026-07-28, "Streamable HTTP", "Custom headers from tool parameters"; "Tools", `x-mcp-header`.
public struct MirroredArgument: Sendable, Hashable {
    /// The name of the field without its prefix, as in the schema.
    public var field: String
    /// The names of the properties that lead to the argument.
    public var path: [String]

    /// Creates a mirrored argument.
    public init(field: String, path: [String]) {
        self.field = field
        self.path = path
    }

    /// The keyword of a property's schema that requires it.
    public static let keyword = "x-mcp-header"

    /// The value as text that is not yet encoded: a string as it is, an integer or a boolean as in JSON.
    ///
    /// - Returns: nil if the argument is missing, null, or of another type.
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
            // JSON Schema takes 42.0 for an integer, and the field says 42.
            guard number.isIntegral else { return nil }
            return number.int64.map(String.init) ?? number.literal
        case .null, .array, .object: return nil
        }
    }
}
