import JSON

/// Keywords about the value itself. Source: JSON Schema Validation 2020-12, 6 and 7.
extension KeywordReader {
    func assertions(_ documents: SchemaDocuments) throws(JSONSchemaError) -> [Keyword] {
        var keywords: [Keyword] = []
        // `type` comes first: other violations of a value of the wrong type are of no interest.
        if let types = try types(documents) { keywords.append(Keyword(name: "type", rule: .assertion(.type(types)))) }
        for member in object.members {
            guard let rule = try rule(for: member.key, member.value, documents) else { continue }
            keywords.append(Keyword(name: member.key, rule: rule))
        }
        return keywords
    }

    private func rule(
        for name: String,
        _ value: JSONValue,
        _ documents: SchemaDocuments
    ) throws(JSONSchemaError) -> Rule? {
        switch name {
        case "const": .assertion(.constant(value))
        case "enum": .assertion(.oneOf(try choices(value, documents)))
        case "multipleOf": .assertion(.multipleOf(try divisor(value, documents)))
        case "maximum": .assertion(.maximum(try number(name, value, documents)))
        case "exclusiveMaximum": .assertion(.exclusiveMaximum(try number(name, value, documents)))
        case "minimum": .assertion(.minimum(try number(name, value, documents)))
        case "exclusiveMinimum": .assertion(.exclusiveMinimum(try number(name, value, documents)))
        case "maxLength": .assertion(.maxLength(try count(name, value, documents)))
        case "minLength": .assertion(.minLength(try count(name, value, documents)))
        case "maxItems": .assertion(.maxItems(try count(name, value, documents)))
        case "minItems": .assertion(.minItems(try count(name, value, documents)))
        case "maxProperties": .assertion(.maxProperties(try count(name, value, documents)))
        case "minProperties": .assertion(.minProperties(try count(name, value, documents)))
        case "uniqueItems": try flag(name, value, documents) ? .assertion(.uniqueItems) : nil
        case "required": .assertion(.required(try names(name, value, documents)))
        case "dependentRequired" where dialect != .draft07:
            .assertion(.dependentRequired(try dependentNames(value, documents)))
        case "pattern":
            .pattern(try pattern(text(name, value, documents), at: location.appending(name), documents))
        default: nil
        }
    }

    func format(_ documents: SchemaDocuments) throws(JSONSchemaError) -> Keyword? {
        guard let value = object["format"] else { return nil }
        let name = try text("format", value, documents)
        guard assertsFormats else { return nil }
        return Format(rawValue: name).map { Keyword(name: "format", rule: .format($0)) }
    }

    // MARK: - Values of keywords

    private func types(_ documents: SchemaDocuments) throws(JSONSchemaError) -> TypeSet? {
        guard let value = object["type"] else { return nil }
        var types: TypeSet = []
        let entries = value.array ?? [value]
        for entry in entries {
            guard let type = entry.string.flatMap(TypeSet.init(name:)), types.isDisjoint(with: type) else {
                throw fault(
                    "type",
                    "must be one of \(MessageFormatter.list(TypeSet.names.map(MessageFormatter.quote), "or")), "
                        + "or an array of different ones, not \(value)",
                    documents
                )
            }
            types.insert(type)
        }
        guard !entries.isEmpty else { throw fault("type", "must contain at least one type", documents) }
        return types
    }

    private func choices(_ value: JSONValue, _ documents: SchemaDocuments) throws(JSONSchemaError) -> [JSONValue] {
        guard let choices = value.array else { throw mismatch("enum", "an array of values", value, documents) }
        return choices
    }

    private func number(
        _ name: String,
        _ value: JSONValue,
        _ documents: SchemaDocuments
    ) throws(JSONSchemaError) -> JSONNumber {
        guard let number = value.number else {
            let isOld = value.bool != nil && name.hasPrefix("exclusive")
            throw mismatch(name, isOld ? "a number (a boolean is the form of draft-04)" : "a number", value, documents)
        }
        return number
    }

    private func divisor(_ value: JSONValue, _ documents: SchemaDocuments) throws(JSONSchemaError) -> JSONNumber {
        let number = try number("multipleOf", value, documents)
        guard number > JSONNumber(0) else { throw mismatch("multipleOf", "greater than 0", value, documents) }
        guard number.decimal.digits.count <= JSONNumber.maximumDivisorDigits else {
            throw documents.fault(
                .tooLarge,
                at: location.appending("multipleOf"),
                in: resource,
                "`multipleOf` has more than \(JSONNumber.maximumDivisorDigits) significant digits"
            )
        }
        return number
    }

    func count(_ name: String, _ value: JSONValue, _ documents: SchemaDocuments) throws(JSONSchemaError) -> Int {
        guard let number = value.number, number.isIntegral, number >= JSONNumber(0) else {
            throw mismatch(name, "a non-negative integer", value, documents)
        }
        return number.int64.map { Int(clamping: $0) } ?? .max
    }

    private func flag(
        _ name: String,
        _ value: JSONValue,
        _ documents: SchemaDocuments
    ) throws(JSONSchemaError) -> Bool {
        guard let flag = value.bool else { throw mismatch(name, "a boolean", value, documents) }
        return flag
    }

    private func text(
        _ name: String,
        _ value: JSONValue,
        _ documents: SchemaDocuments
    ) throws(JSONSchemaError) -> String {
        guard let text = value.string else { throw mismatch(name, "a string", value, documents) }
        return text
    }

    private func names(
        _ name: String,
        _ value: JSONValue,
        _ documents: SchemaDocuments
    ) throws(JSONSchemaError) -> [String] {
        let names = value.array?.compactMap(\.string) ?? []
        guard let elements = value.array, names.count == elements.count,
            Assertion.firstRepetition(in: elements) == nil
        else {
            let hint = value.bool == nil ? "" : " (a boolean is the form of draft-03)"
            throw mismatch(name, "an array of different names\(hint)", value, documents)
        }
        return names
    }

    private func dependentNames(
        _ value: JSONValue,
        _ documents: SchemaDocuments
    ) throws(JSONSchemaError) -> [(trigger: String, names: [String])] {
        guard let object = value.object else {
            throw mismatch("dependentRequired", "an object of arrays of names", value, documents)
        }
        var rules: [(trigger: String, names: [String])] = []
        for member in object.members {
            rules.append((member.key, try names("dependentRequired", member.value, documents)))
        }
        return rules
    }

    /// The entries of `dependencies` that are arrays of names.
    func listedDependencies(_ documents: SchemaDocuments) throws(JSONSchemaError) -> Keyword? {
        guard let members = object["dependencies"]?.object?.members else { return nil }
        var rules: [(trigger: String, names: [String])] = []
        for member in members where member.value.array != nil {
            rules.append((member.key, try names("dependencies", member.value, documents)))
        }
        return rules.isEmpty ? nil : Keyword(name: "dependencies", rule: .assertion(.dependentRequired(rules)))
    }

    func mismatch(
        _ name: String,
        _ expectation: String,
        _ value: JSONValue,
        _ documents: SchemaDocuments
    ) -> JSONSchemaError {
        fault(name, "must be \(expectation), not \(MessageFormatter.brief(value))", documents)
    }
}
