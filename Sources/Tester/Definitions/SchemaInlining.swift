import JSON

extension JSONValue {
    /// The schema with its references into itself replaced by what they refer to, as far as `depth` goes.
    ///
    /// Recursive schemas keep their deepest references. Members beside a `$ref` are kept.
    func inliningReferences(depth: Int = 6) -> JSONValue {
        inliningReferences(from: self, depth: depth)
    }

    private func inliningReferences(from root: JSONValue, depth: Int) -> JSONValue {
        switch self {
        case .array(let elements): return .array(elements.map { $0.inliningReferences(from: root, depth: depth) })
        case .object(let object):
            if depth > 0, let reference = object["$ref"]?.string, reference.hasPrefix("#"),
                let pointer = JSONPointer(String(reference.dropFirst())), let meant = root[pointer]?.object
            {
                var merged = meant
                for member in object.members where member.key != "$ref" { merged[member.key] = member.value }
                return JSONValue.object(merged).inliningReferences(from: root, depth: depth - 1)
            }
            let members = object.members.filter { $0.key != "$defs" && $0.key != "definitions" || depth == 0 }
            return .object(
                JSONObject(
                    members.map { .init(key: $0.key, value: $0.value.inliningReferences(from: root, depth: depth)) }
                )
            )
        default: return self
        }
    }
}
