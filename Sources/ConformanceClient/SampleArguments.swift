import JSON
import MCPTransport

/// Arguments that match a simple schema.
enum SampleArguments {
    /// An object with a simple value for each property that is required or repeated in a header field, or for all properties.
    static func object(for schema: JSONObject, allProperties: Bool = false) -> JSONObject {
        let required = Set((schema["required"]?.array ?? []).compactMap(\.string))
        var arguments = JSONObject()
        for property in schema["properties"]?.object?.members ?? [] {
            let isWanted = required.contains(property.key) || property.value[MirroredArgument.keyword] != nil
            if allProperties || isWanted { arguments[property.key] = value(for: property.value) }
        }
        return arguments
    }

    private static func value(for schema: JSONValue) -> JSONValue {
        if let given = schema["const"] ?? schema["default"] ?? schema["enum"]?.array?.first { return given }
        switch schema["type"]?.string {
        case "string": return "sample"
        case "integer", "number": return 1
        case "boolean": return true
        case "array": return []
        case "object": return .object(object(for: schema.object ?? [:]))
        default: return nil
        }
    }
}
