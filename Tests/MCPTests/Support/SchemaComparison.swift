import JSON
import MCP

/// Compares the member rules of our types with an official schema and collects the differences.
struct SchemaComparison {
    let schema: OfficialSchema
    let revision: Revision
    private(set) var differences: [String] = []
    /// The compared definitions.
    private(set) var visited: Set<String> = []

    /// Members that an extension adds to a core type.
    private static let ofExtensions: Set<String> = ["taskIds"]

    init(schema: OfficialSchema, revision: Revision) {
        self.schema = schema
        self.revision = revision
    }

    /// Compares a definition, if the revision has it and it is not a union.
    mutating func compare(_ name: String, _ members: [Member]) {
        guard let definition = schema[name], definition["anyOf"] == nil else { return }
        compare(definition, members, at: name)
        visited.insert(name)
    }

    /// Compares an object.
    ///
    /// Our rules may contain the members in `inherited`, which the schema defines elsewhere.
    mutating func compare(_ object: JSONValue, _ members: [Member], at place: String, inherited: Set<String> = []) {
        let ours = members.filter { $0.revisions.contains(revision) }
        let theirs = schema.properties(object)
        let required = schema.required(object)
        for name in Set(ours.map(\.name)).subtracting(theirs.keys).subtracting(inherited)
        where !Self.ofExtensions.contains(name) {
            differences.append("\(place): the schema has no \(name)")
        }
        for name in Set(theirs.keys).subtracting(ours.map(\.name)) {
            differences.append("\(place): \(name) is missing")
        }
        for (name, rules) in Dictionary(grouping: ours, by: \.name) where rules.count > 1 {
            differences.append("\(place): there are \(rules.count) rules for \(name)")
        }
        for member in ours {
            guard let property = theirs[member.name] else { continue }
            if member.isRequired != required.contains(member.name) {
                differences.append("\(place): \(member.name) is \(member.isRequired ? "required" : "optional") with us")
            }
            compare(property, member.shape, at: "\(place).\(member.name)")
        }
    }

    private mutating func compare(_ node: JSONValue, _ shape: ValueShape, at place: String) {
        let name = schema.reference(node)
        let resolved = schema.resolve(node)
        let types = schema.types(node)
        if types != shape.types {
            differences.append("\(place): \(shape.types.sorted()) with us, \(types.sorted()) in the schema")
        }
        let words = Set(resolved["enum"]?.array?.compactMap(\.string) ?? [resolved["const"]?.string].compactMap(\.self))
        if words != shape.words {
            differences.append("\(place): \(shape.words.sorted()) with us, \(words.sorted()) in the schema")
        }
        if shape.format != resolved["format"]?.string.flatMap({ ["byte", "uri"].contains($0) ? $0 : nil }) {
            differences.append("\(place): another format")
        }
        if resolved["minimum"]?.double != shape.bounds.least || resolved["maximum"]?.double != shape.bounds.greatest {
            differences.append("\(place): other bounds")
        }
        // The older schemas limit the number of elements in comments only.
        if let most = resolved["maxItems"]?.int, most != shape.maxItems {
            differences.append("\(place): another number of elements")
        }
        guard resolved["anyOf"] == nil else { return }
        if let name, !visited.insert(name).inserted { return }
        switch shape {
        case .view(let type): compare(resolved, type.members, at: name ?? place)
        case .object(let members): compare(resolved, members, at: name ?? place)
        case .array(let element, _): compare(resolved["items"] ?? [:], element, at: "\(place)[]")
        case .map(let element):
            // `true`, a missing schema and an empty one allow anything. Our maps follow the text of the specification.
            if let values = resolved["additionalProperties"], values["$ref"] != nil || values["type"] != nil {
                compare(values, element, at: "\(place){}")
            }
        default: break
        }
    }
}

extension ValueShape {
    fileprivate var types: Set<String> {
        switch self {
        case .any: []
        case .null: ["null"]
        case .string, .uri, .base64, .constant, .oneOf: ["string"]
        case .boolean: ["boolean"]
        case .integer: ["integer"]
        case .number: ["number"]
        case .array: ["array"]
        case .object, .map, .view: ["object"]
        case .either(let one, let other): one.types.union(other.types)
        }
    }

    fileprivate var words: Set<String> {
        switch self {
        case .constant(let word): [word]
        case .oneOf(let words): Set(words)
        default: []
        }
    }

    fileprivate var format: String? {
        switch self {
        case .uri: "uri"
        case .base64: "byte"
        default: nil
        }
    }

    fileprivate var bounds: (least: Double?, greatest: Double?) {
        switch self {
        case .integer(let least): (least.map(Double.init), nil)
        case .number(let bounds): (bounds?.lowerBound, bounds?.upperBound)
        default: (nil, nil)
        }
    }

    fileprivate var maxItems: Int? {
        if case .array(_, let most) = self { most } else { nil }
    }
}
