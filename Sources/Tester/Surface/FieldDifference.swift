import JSON

/// One place at which two versions of a definition differ.
struct FieldDifference {
    /// The keys and indices from the root.
    var path: [String]
    /// The value before; `nil` if the place is new.
    var before: JSONValue?
    /// The value after; `nil` if the place was removed.
    var after: JSONValue?

    var action: SurfaceChange.Action {
        before == nil ? .added : after == nil ? .removed : .changed
    }

    /// Members whose arrays mean sets, which are judged as a whole.
    private static let sets: Set = ["required", "enum", "type", "anyOf", "oneOf"]

    /// The places at which two values differ, as deep as possible.
    static func between(_ before: JSONValue, _ after: JSONValue) -> [FieldDifference] {
        var options = JSONDifference.Options()
        options.recognizesVolatileValues = false
        options.comparesJSONText = false
        var known: Set<[String]> = []
        return JSONDifference(from: before, to: after, options: options).entries.compactMap { entry in
            let tokens = entry.pointer.tokens
            // A property may have one of these names, too.
            let set = tokens.indices.first { index in
                sets.contains(tokens[index]) && (index == 0 || tokens[index - 1] != "properties")
            }
            guard let set else {
                if entry.kind == .reordered { return nil }
                return FieldDifference(path: tokens, before: entry.old, after: entry.new)
            }
            let path = Array(tokens[...set])
            guard known.insert(path).inserted else { return nil }
            let pointer = JSONPointer(path)
            let (old, new) = (before[pointer], after[pointer])
            if let a = old?.array, let b = new?.array, Set(a) == Set(b) { return nil }
            return FieldDifference(path: path, before: old, after: new)
        }
    }
}
