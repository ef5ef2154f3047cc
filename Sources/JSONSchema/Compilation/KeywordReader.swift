import JSON

/// Reads the keywords of one schema object.
struct KeywordReader {
    let object: JSONObject
    let location: SchemaLocation
    let resource: Int
    let dialect: JSONSchema.Dialect
    let vocabularies: Vocabularies
    let assertsFormats: Bool

    func read(with compiler: inout SchemaCompiler) throws(JSONSchemaError) -> [Keyword] {
        // Draft-07 ignores all keywords next to a reference.
        if dialect == .draft07, object["$ref"] != nil {
            return try referenceRules(with: &compiler)
        }
        try compileChildren(with: &compiler)
        var keywords = try referenceRules(with: &compiler)
        if vocabularies.contains(.validation) { keywords += try assertions(compiler.documents) }
        if vocabularies.contains(.applicator) { keywords += try applicators(with: &compiler) }
        if let format = try format(compiler.documents) { keywords.append(format) }
        // Last, because they depend on what the other keywords have evaluated.
        if dialect != .draft07, vocabularies.contains(.unevaluated) { keywords += try unevaluated(with: &compiler) }
        return keywords
    }

    // MARK: - Subschemas

    /// Compiles every subschema, including those that nothing refers to, to find their faults.
    private func compileChildren(with compiler: inout SchemaCompiler) throws(JSONSchemaError) {
        let shapes = SubschemaKeywords.shapes(of: dialect)
        for member in object.members {
            guard let shape = shapes[member.key] else { continue }
            let place = location.appending(member.key)
            switch (shape, member.value) {
            case (.schemas, .array(let elements)), (.schemaOrSchemas, .array(let elements)):
                guard !elements.isEmpty || shape == .schemaOrSchemas else {
                    throw fault(member.key, "must contain at least one schema", compiler.documents)
                }
                for (index, element) in elements.enumerated() {
                    _ = try compiler.child(element, at: place.appending(String(index)), in: resource)
                }
            case (.named, .object(let named)), (.namedOrLists, .object(let named)):
                for entry in named.members where !(shape == .namedOrLists && entry.value.array != nil) {
                    _ = try compiler.child(entry.value, at: place.appending(entry.key), in: resource)
                }
            case (.schemas, let value):
                throw fault(
                    member.key,
                    "must be an array of schemas, not \(MessageFormatter.brief(value))",
                    compiler.documents
                )
            case (.named, let value), (.namedOrLists, let value):
                throw fault(
                    member.key,
                    "must be an object whose values are schemas, not \(MessageFormatter.brief(value))",
                    compiler.documents
                )
            case (.schema, .array) where member.key == "items":
                throw fault(
                    member.key,
                    "must be a schema, not an array; use `prefixItems` for the array form of draft-07",
                    compiler.documents
                )
            case (.schema, let value), (.schemaOrSchemas, let value):
                _ = try compiler.child(value, at: place, in: resource)
            }
        }
    }

    /// The subschema in the value of a keyword.
    func schema(_ keyword: String, with compiler: inout SchemaCompiler) throws(JSONSchemaError) -> Int? {
        guard let value = object[keyword] else { return nil }
        return try compiler.child(value, at: location.appending(keyword), in: resource)
    }

    /// The subschemas in the array value of a keyword.
    func schemas(_ keyword: String, with compiler: inout SchemaCompiler) throws(JSONSchemaError) -> [Int]? {
        guard let elements = object[keyword]?.array else { return nil }
        var numbers: [Int] = []
        for (index, element) in elements.enumerated() {
            let place = location.appending(keyword).appending(String(index))
            numbers.append(try compiler.child(element, at: place, in: resource))
        }
        return numbers
    }

    // MARK: - References

    private func referenceRules(with compiler: inout SchemaCompiler) throws(JSONSchemaError) -> [Keyword] {
        var keywords: [Keyword] = []
        if let target = try target(of: "$ref", with: &compiler) {
            keywords.append(Keyword(name: "$ref", rule: .reference(target.number)))
        }
        if dialect != .draft07, let target = try target(of: "$dynamicRef", with: &compiler) {
            let rule = target.dynamicAnchor.map { Rule.dynamicReference(initial: target.number, anchor: $0) }
            keywords.append(Keyword(name: "$dynamicRef", rule: rule ?? .reference(target.number)))
        }
        return keywords
    }

    private func target(
        of keyword: String,
        with compiler: inout SchemaCompiler
    ) throws(JSONSchemaError) -> (number: Int, dynamicAnchor: String?)? {
        guard let value = object[keyword] else { return nil }
        guard let reference = value.string else {
            throw fault(
                keyword,
                "must be a string with a URI reference, not \(MessageFormatter.brief(value))",
                compiler.documents
            )
        }
        return try compiler.target(of: reference, at: location.appending(keyword), in: resource)
    }

    // MARK: - Faults

    func fault(_ keyword: String, _ predicate: String, _ documents: SchemaDocuments) -> JSONSchemaError {
        documents.fault(
            .invalidSchema,
            at: location.appending(keyword),
            in: resource,
            "`\(keyword)` \(predicate)"
        )
    }

    func pattern(
        _ source: String,
        at place: SchemaLocation,
        _ documents: SchemaDocuments
    ) throws(JSONSchemaError) -> Pattern {
        do throws(PatternError) {
            return try Pattern(source)
        } catch {
            throw documents.fault(
                .invalidPattern(source),
                at: place,
                in: resource,
                "the regular expression \(MessageFormatter.quote(source)) \(error.reason) (character \(error.offset + 1))"
            )
        }
    }
}
