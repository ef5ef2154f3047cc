import JSON
import TextUtilities

/// Words the messages of violations: where, what was expected, and what the value is.
enum MessageFormatter {
    /// Puts the location in front of a fault.
    static func message(_ fault: Fault, at steps: ArraySlice<Reporter.Step>, _ terms: ValueTerms) -> String {
        if case .nameOfProperty(let name)? = steps.last {
            let owner = steps.count == 1 ? "" : " in \(path(steps.dropLast()))"
            let noun = steps.count == 1 ? terms.property : ValueTerms.value.property
            return "\(noun) name \(code(name))\(owner): \(fault.text)"
        }
        if !steps.isEmpty { return "\(path(steps)): \(fault.text)" }
        return fault.namesProperty ? fault.text : "\(terms.root): \(fault.text)"
    }

    /// A path such as `items[0].name`.
    private static func path(_ steps: ArraySlice<Reporter.Step>) -> String {
        let text = steps.reduce(into: "") { path, step in
            switch step {
            case .element(let index): path += "[\(index)]"
            case .property(let name), .nameOfProperty(let name):
                let isPlain = !name.isEmpty && name.utf8.allSatisfy(isPlainByte)
                path += isPlain ? "\(path.isEmpty ? "" : ".")\(shortened(name))" : "[\(quote(name))]"
            }
        }
        return "`\(text)`"
    }

    private static func isPlainByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "$"), 0x80...:
            true
        default: false
        }
    }

    // MARK: - Assertions

    /// The faults of a value that fails the assertion.
    ///
    /// - Parameters:
    ///   - declared: The property names that the schema declares; they are not taken for misspellings.
    ///   - noun: What a property of the value is called.
    static func faults(
        of value: JSONValue,
        against assertion: Assertion,
        declared: [String],
        noun: String
    ) -> [Fault] {
        switch assertion {
        case .required(let names):
            return names.compactMap { missing($0, in: value, declared: declared + names, noun: noun) }
        case .dependentRequired(let rules):
            return rules.filter { value[$0.trigger] != nil }.flatMap { rule in
                rule.names.compactMap {
                    missing($0, in: value, declared: declared + rule.names, noun: noun, because: rule.trigger)
                }
            }
        case .oneOf(let choices): return [.value(expected(choices, got: value))]
        default: return [.value(expectation(of: assertion, for: value))]
        }
    }

    private static func expectation(of assertion: Assertion, for value: JSONValue) -> String {
        switch assertion {
        case .never: "no value is allowed here, got \(brief(value))"
        case .type(let types): "expected \(list(types.names.map(withArticle), "or")), got \(brief(value))"
        case .constant(let constant): "expected \(brief(constant)), got \(brief(value))"
        case .multipleOf(let divisor): "expected a multiple of \(divisor.literal), got \(literal(value))"
        case .maximum(let bound): "expected at most \(bound.literal), got \(literal(value))"
        case .exclusiveMaximum(let bound): "expected less than \(bound.literal), got \(literal(value))"
        case .minimum(let bound): "expected at least \(bound.literal), got \(literal(value))"
        case .exclusiveMinimum(let bound): "expected more than \(bound.literal), got \(literal(value))"
        case .maxLength(let bound): "expected at most \(count(bound, "character")), got \(length(of: value))"
        case .minLength(let bound): "expected at least \(count(bound, "character")), got \(length(of: value))"
        case .maxItems(let bound): "expected at most \(count(bound, "element")), got \(value.array?.count ?? 0)"
        case .minItems(let bound): "expected at least \(count(bound, "element")), got \(value.array?.count ?? 0)"
        case .maxProperties(let bound):
            "expected at most \(count(bound, "property", "properties")), got \(value.object?.count ?? 0)"
        case .minProperties(let bound):
            "expected at least \(count(bound, "property", "properties")), got \(value.object?.count ?? 0)"
        case .uniqueItems: repetition(in: value)
        case .oneOf, .required, .dependentRequired: "got \(brief(value))"
        }
    }

    private static func length(of value: JSONValue) -> String {
        "\(value.string?.unicodeScalars.count ?? 0) (\(literal(value)))"
    }

    private static func repetition(in value: JSONValue) -> String {
        guard let elements = value.array, let second = Assertion.firstRepetition(in: elements),
            let first = elements.firstIndex(of: elements[second])
        else { return "all elements must differ" }
        return "all elements must differ, but [\(first)] and [\(second)] are equal"
    }

    private static func expected(_ choices: [JSONValue], got value: JSONValue) -> String {
        let similar = value.string.flatMap { nearest($0, among: choices.compactMap(\.string)) }
        let hint = similar.map { " (did you mean \(quote($0))?)" } ?? ""
        let prefix = choices.count == 1 ? "" : "one of "
        return "expected \(prefix)\(abridged(choices.map(literal), "or")), got \(brief(value))\(hint)"
    }

    // MARK: - Properties

    private static func missing(
        _ name: String,
        in value: JSONValue,
        declared: [String],
        noun: String,
        because trigger: String? = nil
    ) -> Fault? {
        guard let object = value.object, object[name] == nil else { return nil }
        let unknown = object.keys.filter { !declared.contains($0) }
        let hint = nearest(name, among: unknown).map { "did you mean \(code(name)) instead of \(code($0))?" }
        let notes = [trigger.map { "required when \(code($0)) is given" }, hint].compactMap(\.self)
        let suffix = notes.isEmpty ? "" : " (\(notes.joined(separator: "; ")))"
        return .missingProperty("missing required \(noun) \(code(name))\(suffix)")
    }

    /// - Parameter allowed: The names the schema allows, or nil if several subschemas decide about them.
    static func unknownProperty(_ name: String, allowed: [String]?, noun: String) -> Fault {
        var text = "unknown \(noun) \(code(name))"
        if let allowed {
            if let similar = nearest(name, among: allowed) {
                text += " (did you mean \(code(similar))?)"
            } else {
                text += allowed.isEmpty ? " (none is allowed)" : " (allowed: \(abridged(allowed.map(code), "and")))"
            }
        }
        return .unknownProperty(text)
    }

    // MARK: - Alternatives

    /// Describes the alternative that came closest: of the right type if any is, with the fewest violations.
    static func closest(of attempts: [(index: Int, violations: [Violation])], depth: Int) -> String {
        func rank(_ violations: [Violation]) -> (Int, Int) {
            let isOfWrongType = violations.contains {
                $0.instanceLocation.tokens.count == depth && ["type", "const", "enum", "false"].contains($0.keyword)
            }
            return (isOfWrongType ? 1 : 0, violations.count)
        }
        guard let best = attempts.min(by: { rank($0.violations) < rank($1.violations) }),
            let first = best.violations.first
        else { return "" }
        let isHere = first.instanceLocation.tokens.count == depth
        return "; closest match: \(alternative(best.index)) (\(isHere ? first.fault : first.message))"
    }

    static func noMatch(_ value: JSONValue, count: Int) -> String {
        let which = count == 1 ? "does not match the only alternative" : "matches none of the \(count) alternatives"
        return "got \(brief(value)), which \(which)"
    }

    static func severalMatches(_ indices: [Int]) -> String {
        let areAllNamed = indices.allSatisfy(ordinals.indices.contains)
        let which =
            areAllNamed
            ? "the \(list(indices.map { ordinals[$0] }, "and"))"
            : "alternatives \(list(indices.map { String($0 + 1) }, "and"))"
        return "exactly one alternative must match, but \(which) match"
    }

    private static func alternative(_ index: Int) -> String {
        index < ordinals.count ? "\(ordinals[index]) alternative" : "alternative \(index + 1)"
    }

    private static let ordinals = [
        "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
    ]

    // MARK: - Words

    /// The value in a few words with its type.
    static func brief(_ value: JSONValue) -> String {
        switch value {
        case .null: "null"
        case .bool: "the boolean \(value)"
        case .number: "the number \(literal(value))"
        case .string: "the string \(literal(value))"
        case .array(let elements):
            elements.isEmpty ? "an empty array" : "an array of \(count(elements.count, "element"))"
        case .object(let object):
            object.isEmpty ? "an empty object" : "an object with \(abridged(object.keys.map(code), "and", most: 5))"
        }
    }

    /// The value as JSON, shortened.
    private static func literal(_ value: JSONValue) -> String {
        value.string.map(quote) ?? shortened(value.description)
    }

    /// A text in double quotes, escaped as in JSON and shortened.
    static func quote(_ text: String) -> String {
        JSONValue.string(shortened(text)).description
    }

    /// A name in backticks, escaped as in JSON and shortened.
    static func code(_ name: String) -> String {
        "`\(quote(name).dropFirst().dropLast())`"
    }

    private static func shortened(_ text: String) -> String {
        let most = 60
        guard text.utf8.count > most else { return text }
        let start = text.prefix(most)
        return start.endIndex < text.endIndex ? start + "…" : text
    }

    private static func withArticle(_ type: String) -> String {
        switch type {
        case "null": type
        case "integer", "array", "object": "an \(type)"
        default: "a \(type)"
        }
    }

    static func count(_ number: Int, _ noun: String, _ plural: String? = nil) -> String {
        "\(number) \(number == 1 ? noun : plural ?? "\(noun)s")"
    }

    private static func abridged(_ words: [String], _ conjunction: String, most: Int = 12) -> String {
        guard words.count > most else { return list(words, conjunction) }
        return words.prefix(most).joined(separator: ", ") + " \(conjunction) \(words.count - most) more"
    }

    static func list(_ words: [String], _ conjunction: String) -> String {
        guard words.count > 1, let last = words.last else { return words.first ?? "nothing" }
        return words.dropLast().joined(separator: ", ") + " \(conjunction) \(last)"
    }
}
