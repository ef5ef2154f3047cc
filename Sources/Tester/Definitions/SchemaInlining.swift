import JSON

extension JSONValue {
    /// The schema with its references into itself replaced by what they refer to.
    ///
    /// Recursive schemas keep their deepest references, and very large ones the later ones. Members beside a `$ref` are
    /// kept.
    func inliningReferences() -> JSONValue {
        var inlining = SchemaInlining(root: self)
        var root = self
        if case .object(var object) = self {
            object["$defs"] = nil
            object["definitions"] = nil
            root = .object(object)
        }
        return inlining.inline(root, depth: 6)
    }
}

/// Inlines references within a limit of values, because references can multiply.
private struct SchemaInlining {
    let root: JSONValue
    private var remaining = 20_000

    init(root: JSONValue) {
        self.root = root
    }

    mutating func inline(_ value: JSONValue, depth: Int) -> JSONValue {
        remaining -= 1
        guard remaining > 0 else { return value }
        switch value {
        case .array(let elements): return .array(elements.map { inline($0, depth: depth) })
        case .object(let object):
            if depth > 0, let reference = object["$ref"]?.string, reference.hasPrefix("#"),
                let pointer = JSONPointer(String(reference.dropFirst())), let meant = root[pointer]?.object
            {
                var merged = meant
                for member in object.members where member.key != "$ref" { merged[member.key] = member.value }
                return inline(.object(merged), depth: depth - 1)
            }
            return .object(JSONObject(object.members.map { .init(key: $0.key, value: inline($0.value, depth: depth)) }))
        default: return value
        }
    }
}
