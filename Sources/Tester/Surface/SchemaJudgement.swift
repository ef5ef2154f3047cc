import JSON

/// Decides whether a change of a schema breaks clients.
///
/// Clients send what the input schema allows, so it must not allow less. They read what the output schema promises, so
/// it must not allow more.
struct SchemaJudgement {
    /// Whose values the schema describes.
    enum Use {
        /// Arguments, which clients send.
        case input
        /// Results, which clients read.
        case output
    }

    let use: Use
    /// The schema after the change.
    let schema: JSONValue?

    /// How the set of allowed values changed.
    private enum Range {
        case narrower
        case wider
        /// Some values are new, and some were removed.
        case other
        /// The same values are allowed.
        case same
    }

    func judge(_ change: FieldDifference) -> SurfaceChange.Judgement {
        let key = change.path.last ?? ""
        let parent = change.path.dropLast().last
        if parent == "properties" { return property(change) }
        switch key {
        case "required": return required(change)
        case "description", "title", "examples", "$comment", "deprecated", "$schema", "$id", "readOnly", "writeOnly":
            return .cosmetic("documentation only")
        case "default": return .compatible("callers that omit it get another value")
        default: return judgement(of: range(key, change), key)
        }
    }

    private func property(_ change: FieldDifference) -> SurfaceChange.Judgement {
        switch (use, change.action) {
        case (.input, .added):
            change.isRequired(in: schema)
                ? .breaking("callers must now send it") : .compatible("callers need not send it")
        case (.input, .removed): .breaking("callers may still send it")
        case (.output, .added): .compatible("a new member of the result")
        case (.output, .removed): .breaking("clients may read it")
        case (_, .changed): .breaking("its whole schema changed")
        }
    }

    private func required(_ change: FieldDifference) -> SurfaceChange.Judgement {
        let (added, removed) = Self.members(change)
        switch use {
        case .input where !added.isEmpty: return .breaking("callers must now send \(Self.list(added))")
        case .input: return .compatible("callers need not send \(Self.list(removed)) any more")
        case .output where !removed.isEmpty: return .breaking("\(Self.list(removed)) may now be missing")
        case .output: return .compatible("\(Self.list(added)) is always there now")
        }
    }

    private func judgement(of range: Range, _ key: String) -> SurfaceChange.Judgement {
        switch (range, use) {
        case (.same, _): .compatible("the same values are allowed")
        case (.narrower, .input): .breaking("`\(key)` allows less: arguments that were valid may be refused")
        case (.narrower, .output): .compatible("`\(key)` allows less")
        case (.wider, .input): .compatible("`\(key)` allows more")
        case (.wider, .output): .breaking("`\(key)` allows more: clients may get values that they do not know")
        case (.other, _): .breaking("`\(key)` allows other values than before")
        }
    }

    // MARK: - Ranges

    private func range(_ key: String, _ change: FieldDifference) -> Range {
        switch key {
        case "type":
            return Self.range(from: Self.types(change.before), to: Self.types(change.after))
        case "enum", "anyOf", "oneOf":
            return Self.range(from: change.before?.array.map(Set.init), to: change.after?.array.map(Set.init))
        case "minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties":
            return Self.bound(from: change.before, to: change.after, isLower: true)
        case "maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties":
            return Self.bound(from: change.before, to: change.after, isLower: false)
        case "additionalProperties":
            let (was, now) = (change.before ?? true, change.after ?? true)
            return was == now ? .same : now == false || was == true ? .narrower : was == false ? .wider : .other
        case "pattern", "format", "multipleOf", "const", "allOf", "not", "propertyNames", "uniqueItems":
            return change.before == nil ? .narrower : change.after == nil ? .wider : .other
        default: return .other
        }
    }

    /// The types by name, of which every integer is also a number; `nil` if all are allowed.
    private static func types(_ value: JSONValue?) -> Set<JSONValue>? {
        guard let value else { return nil }
        var types = Set(value.array ?? [value])
        if types.contains("number") { types.insert("integer") }
        return types
    }

    /// `nil` stands for all values.
    private static func range(from old: Set<JSONValue>?, to new: Set<JSONValue>?) -> Range {
        guard let old else { return new == nil ? .same : .narrower }
        guard let new else { return .wider }
        if old == new { return .same }
        return new.isSubset(of: old) ? .narrower : old.isSubset(of: new) ? .wider : .other
    }

    private static func bound(from old: JSONValue?, to new: JSONValue?, isLower: Bool) -> Range {
        guard let old = old?.number?.double else { return .narrower }
        guard let new = new?.number?.double else { return .wider }
        return (new > old) == isLower ? .narrower : .wider
    }

    static func members(_ change: FieldDifference) -> (added: [String], removed: [String]) {
        let old = change.before?.array?.compactMap(\.string) ?? []
        let new = change.after?.array?.compactMap(\.string) ?? []
        return (new.filter { !old.contains($0) }, old.filter { !new.contains($0) })
    }

    private static func list(_ names: [String]) -> String {
        names.map { "`\($0)`" }.joined(separator: ", ")
    }
}

extension FieldDifference {
    /// Whether a property is required by the object that has it.
    fileprivate func isRequired(in schema: JSONValue?) -> Bool {
        let required = schema?[JSONPointer(Array(path.dropLast(2)) + ["required"])]?.array ?? []
        return required.contains { $0.string != nil && $0.string == path.last }
    }

    /// Whether it only requires arguments that are new: they are reported as such.
    ///
    /// - Parameter added: The places that are new.
    func isImplied(by added: Set<[String]>) -> Bool {
        guard path.first == "inputSchema", path.last == "required", path.dropLast().last != "properties" else {
            return false
        }
        let members = SchemaJudgement.members(self)
        return !members.added.isEmpty && members.removed.isEmpty
            && members.added.allSatisfy { added.contains(path.dropLast() + ["properties", $0]) }
    }
}
