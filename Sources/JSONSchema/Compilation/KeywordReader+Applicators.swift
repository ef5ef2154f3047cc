import JSON

/// Keywords that apply subschemas. Source: JSON Schema Core 2020-12, 10 and 11.
extension KeywordReader {
    func applicators(with compiler: inout SchemaCompiler) throws(JSONSchemaError) -> [Keyword] {
        var keywords: [Keyword] = []
        if let rule = try memberRule(with: &compiler) {
            let name = ["properties", "patternProperties", "additionalProperties"].first { object[$0] != nil }
            keywords.append(Keyword(name: name ?? "properties", rule: .members(rule)))
        }
        if let rule = try elementRule(with: &compiler) {
            keywords.append(Keyword(name: rule.restKeyword, rule: .elements(rule)))
        }
        if let number = try schema("propertyNames", with: &compiler) {
            keywords.append(Keyword(name: "propertyNames", rule: .memberNames(number)))
        }
        if let rule = try containsRule(with: &compiler) {
            keywords.append(Keyword(name: "contains", rule: .contains(rule)))
        }
        keywords += try dependencies(with: &compiler)
        if let condition = try schema("if", with: &compiler) {
            let then = try schema("then", with: &compiler)
            let otherwise = try schema("else", with: &compiler)
            let rule = ConditionalRule(condition: condition, then: then, otherwise: otherwise)
            keywords.append(Keyword(name: "if", rule: .conditional(rule)))
        }
        if let numbers = try schemas("allOf", with: &compiler) {
            keywords.append(Keyword(name: "allOf", rule: .allOf(numbers)))
        }
        if let numbers = try schemas("anyOf", with: &compiler) {
            keywords.append(Keyword(name: "anyOf", rule: .anyOf(numbers)))
        }
        if let numbers = try schemas("oneOf", with: &compiler) {
            keywords.append(Keyword(name: "oneOf", rule: .oneOf(numbers)))
        }
        if let number = try schema("not", with: &compiler) {
            keywords.append(Keyword(name: "not", rule: .not(number)))
        }
        return keywords
    }

    func unevaluated(with compiler: inout SchemaCompiler) throws(JSONSchemaError) -> [Keyword] {
        var keywords: [Keyword] = []
        if let number = try schema("unevaluatedProperties", with: &compiler) {
            keywords.append(Keyword(name: "unevaluatedProperties", rule: .unevaluatedMembers(number)))
        }
        if let number = try schema("unevaluatedItems", with: &compiler) {
            keywords.append(Keyword(name: "unevaluatedItems", rule: .unevaluatedElements(number)))
        }
        if !keywords.isEmpty { compiler.trackEvaluation() }
        return keywords
    }

    private func memberRule(with compiler: inout SchemaCompiler) throws(JSONSchemaError) -> MemberRule? {
        var rule = MemberRule()
        var isPresent = false
        if let properties = object["properties"]?.object {
            isPresent = true
            for member in properties.members {
                let place = location.appending("properties").appending(member.key)
                let number = try compiler.child(member.value, at: place, in: resource)
                rule.named[ScalarString(member.key)] = number
                rule.names.append(member.key)
            }
        }
        if let patterns = object["patternProperties"]?.object {
            isPresent = true
            for member in patterns.members {
                let place = location.appending("patternProperties").appending(member.key)
                let number = try compiler.child(member.value, at: place, in: resource)
                rule.patterned.append((try pattern(member.key, at: place, compiler.documents), number))
            }
        }
        rule.additional = try schema("additionalProperties", with: &compiler)
        return isPresent || rule.additional != nil ? rule : nil
    }

    private func elementRule(with compiler: inout SchemaCompiler) throws(JSONSchemaError) -> ElementRule? {
        if dialect == .draft07 {
            guard let prefix = try schemas("items", with: &compiler) else {
                // Without an array in `items`, `additionalItems` has no effect.
                guard let rest = try schema("items", with: &compiler) else { return nil }
                return ElementRule(rest: rest, prefixKeyword: "items", restKeyword: "items")
            }
            let rest = try schema("additionalItems", with: &compiler)
            return ElementRule(prefix: prefix, rest: rest, prefixKeyword: "items", restKeyword: "additionalItems")
        }
        let prefix = try schemas("prefixItems", with: &compiler)
        let rest = try schema("items", with: &compiler)
        guard prefix != nil || rest != nil else { return nil }
        return ElementRule(prefix: prefix ?? [], rest: rest, prefixKeyword: "prefixItems", restKeyword: "items")
    }

    private func containsRule(with compiler: inout SchemaCompiler) throws(JSONSchemaError) -> ContainsRule? {
        var bounds: [Int?] = [nil, nil]
        if dialect != .draft07, vocabularies.contains(.validation) {
            for (index, name) in ["minContains", "maxContains"].enumerated() {
                if let value = object[name] { bounds[index] = try count(name, value, compiler.documents) }
            }
        }
        guard let number = try schema("contains", with: &compiler) else { return nil }
        return ContainsRule(schema: number, minimum: bounds[0] ?? 1, maximum: bounds[1])
    }

    /// `dependentSchemas`, and `dependencies`, which 2020-12 keeps for compatibility.
    private func dependencies(with compiler: inout SchemaCompiler) throws(JSONSchemaError) -> [Keyword] {
        var keywords: [Keyword] = []
        for name in ["dependentSchemas", "dependencies"] where name == "dependencies" || dialect != .draft07 {
            guard let members = object[name]?.object?.members else { continue }
            var rules: [(trigger: String, schema: Int)] = []
            for member in members where member.value.array == nil {
                let place = location.appending(name).appending(member.key)
                rules.append((member.key, try compiler.child(member.value, at: place, in: resource)))
            }
            if !rules.isEmpty { keywords.append(Keyword(name: name, rule: .dependentSchemas(rules))) }
        }
        if let keyword = try listedDependencies(compiler.documents) { keywords.append(keyword) }
        return keywords
    }
}
