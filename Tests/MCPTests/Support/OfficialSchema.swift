import FoundationEssentials
import JSON
import MCP

/// The official JSON Schema of a revision.
struct OfficialSchema {
    let definitions: JSONObject

    init(of revision: Revision) throws {
        let file = SharedData.schemas.appendingPathComponent("\(revision.wireName)/schema.json")
        let root = try SharedData.json(file)
        definitions = root["$defs"]?.object ?? root["definitions"]?.object ?? [:]
    }

    subscript(name: String) -> JSONValue? { definitions[name] }

    /// The name that a schema refers to, if it is only a reference.
    func reference(_ schema: JSONValue) -> String? {
        schema["$ref"]?.string?.split(separator: "/").last.map(String.init)
    }

    /// The schema with references resolved and `allOf` merged.
    func resolve(_ schema: JSONValue) -> JSONValue {
        if let name = reference(schema), let target = definitions[name] { return resolve(target) }
        guard let parts = schema["allOf"]?.array, var merged = schema.object else { return schema }
        var properties: JSONObject = [:]
        var required: [JSONValue] = []
        for part in parts.map(resolve) {
            for member in part["properties"]?.object?.members ?? [] { properties[member.key] = member.value }
            required += part["required"]?.array ?? []
        }
        merged["allOf"] = nil
        merged["type"] = "object"
        merged["properties"] = .object(properties)
        merged["required"] = .array(required)
        return .object(merged)
    }

    func properties(_ schema: JSONValue) -> JSONObject {
        resolve(schema)["properties"]?.object ?? [:]
    }

    func required(_ schema: JSONValue) -> Set<String> {
        Set(resolve(schema)["required"]?.array?.compactMap(\.string) ?? [])
    }

    /// The alternatives of a union, or the definition itself if it is not a union.
    func alternatives(_ name: String) -> [JSONValue] {
        guard let schema = definitions[name] else { return [] }
        return (schema["anyOf"]?.array ?? [schema]).map(resolve)
    }

    /// The methods of the requests or notifications in a union, with the schemas of their parameters.
    func messages(_ union: String) -> [String: JSONValue] {
        var messages: [String: JSONValue] = [:]
        for alternative in alternatives(union) {
            let properties = properties(alternative)
            if let method = properties["method"]?["const"]?.string { messages[method] = properties["params"] ?? [:] }
        }
        return messages
    }

    /// The constants that a member has in all objects which a schema allows, through unions and arrays.
    func constants(of member: String, in schema: JSONValue) -> Set<String> {
        let schema = resolve(schema)
        if let alternatives = schema["anyOf"]?.array {
            return alternatives.reduce(into: []) { $0.formUnion(constants(of: member, in: $1)) }
        }
        if let items = schema["items"] { return constants(of: member, in: items) }
        return Set([schema["properties"]?[member]?["const"]?.string].compactMap(\.self))
    }

    /// The JSON types that a schema allows; empty if it allows all.
    func types(_ schema: JSONValue) -> Set<String> {
        let schema = resolve(schema)
        if let alternatives = schema["anyOf"]?.array {
            return alternatives.reduce(into: []) { $0.formUnion(types($1)) }
        }
        if let types = schema["type"]?.array { return Set(types.compactMap(\.string)) }
        return Set([schema["type"]?.string].compactMap(\.self))
    }
}
