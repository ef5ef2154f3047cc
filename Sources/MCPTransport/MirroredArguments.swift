public import JSON

/// The arguments of a tool that are repeated in header fields, with the faults of its schema in that respect.
///
/// A tool with such a fault cannot be called over HTTP. It is still listed, with the reason.
/// Source: 2026-07-28, "Tools", `x-mcp-header`.
public struct MirroredArguments: Sendable {
    /// The arguments to repeat.
    public private(set) var arguments: [MirroredArgument] = []
    /// The faults, as one clause each.
    public private(set) var faults: [String] = []

    private var fields: [String: String] = [:]

    /// Reads a tool's input schema.
    public init(inputSchema: JSONObject?) {
        guard let inputSchema else { return }
        // Few schemas have the keyword, and looking for it is cheaper than the walk.
        guard JSONValue.object(inputSchema).mentions(MirroredArgument.keyword, depth: 0) else { return }
        walk(.object(inputSchema), path: [], isReachable: true, place: "#", depth: 0)
    }

    /// Checks every subschema; the keyword is valid only if `properties` alone lead to it.
    private mutating func walk(_ schema: JSONValue, path: [String], isReachable: Bool, place: String, depth: Int) {
        guard let members = schema.object?.members, depth < Self.deepest else { return }
        if let name = schema[MirroredArgument.keyword] {
            take(name, schema, path: path, isReachable: isReachable, place: place)
        }
        for member in members {
            let below = "\(place)/\(member.key)"
            switch member.key {
            case "properties":
                for property in member.value.object?.members ?? [] {
                    walk(
                        property.value,
                        path: path + [property.key],
                        isReachable: isReachable,
                        place: "\(below)/\(property.key)",
                        depth: depth + 1
                    )
                }
            case "$defs", "definitions", "patternProperties", "dependentSchemas", "dependencies":
                for entry in member.value.object?.members ?? [] {
                    walk(
                        entry.value,
                        path: [],
                        isReachable: false,
                        place: "\(below)/\(entry.key)",
                        depth: depth + 1
                    )
                }
            case "allOf", "anyOf", "oneOf", "prefixItems":
                for (index, entry) in (member.value.array ?? []).enumerated() {
                    walk(entry, path: [], isReachable: false, place: "\(below)/\(index)", depth: depth + 1)
                }
            case "items":
                for (index, entry) in (member.value.array ?? []).enumerated() {
                    walk(entry, path: [], isReachable: false, place: "\(below)/\(index)", depth: depth + 1)
                }
                walk(member.value, path: [], isReachable: false, place: below, depth: depth + 1)
            case "not", "if", "then", "else", "additionalItems", "additionalProperties", "propertyNames", "contains",
                "unevaluatedItems", "unevaluatedProperties", "contentSchema":
                walk(member.value, path: [], isReachable: false, place: below, depth: depth + 1)
            default: break
            }
        }
    }

    private static let deepest = 64

    private mutating func take(
        _ name: JSONValue,
        _ schema: JSONValue,
        path: [String],
        isReachable: Bool,
        place: String
    ) {
        guard let field = name.string else {
            return note(place, "is \(name.typeName), not a string")
        }
        guard !field.isEmpty, field.utf8.allSatisfy(\.isFieldNameByte) else {
            return note(place, "\(JSONValue.string(field)) is not a valid header name")
        }
        guard isReachable, !path.isEmpty else {
            return note(place, "is not reachable through \"properties\" alone")
        }
        guard ["string", "integer", "boolean"].contains(schema["type"]?.string) else {
            let type = schema["type"].map { "\($0)" } ?? "missing"
            return note(place, "is on a property of type \(type); only string, integer and boolean are allowed")
        }
        if let other = fields.updateValue(place, forKey: field.lowercased()) {
            return note(place, "\"\(field)\" repeats the header of \(other)")
        }
        arguments.append(MirroredArgument(field: field, path: path))
    }

    private mutating func note(_ place: String, _ fault: String) {
        faults.append("\(MirroredArgument.keyword) at \(place) \(fault)")
    }
}

extension UInt8 {
    /// Whether the name of a header may contain this byte.
    ///
    /// Source: RFC 9110, section 5.6.2, `tchar`.
    fileprivate var isFieldNameByte: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "!#$%&'*+-.^_`|~".utf8.contains(self)
        }
    }
}

extension JSONValue {
    /// Whether any object inside has a member of that name.
    fileprivate func mentions(_ key: String, depth: Int) -> Bool {
        guard depth < 128 else { return false }
        switch self {
        case .object(let object):
            return object.members.contains { $0.key == key || $0.value.mentions(key, depth: depth + 1) }
        case .array(let values): return values.contains { $0.mentions(key, depth: depth + 1) }
        default: return false
        }
    }
}
