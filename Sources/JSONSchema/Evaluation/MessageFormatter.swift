import JSON
import TextUtilities

/// What violations say: predicates to the subject "the value at …".
enum MessageFormatter {
    /// What is wrong with a value that breaks the assertion.
    static func faults(of value: JSONValue, against assertion: Assertion) -> [String] {
        switch assertion {
        case .required(let names): return names.compactMap { missing($0, in: value) }
        case .dependentRequired(let rules):
            return rules.filter { value[$0.trigger] != nil }.flatMap { rule in
                rule.names.compactMap { missing($0, in: value) }.map {
                    "\($0) (required because there is \(quote(rule.trigger)))"
                }
            }
        case .oneOf(let choices): return ["is \(brief(value)), but \(expected(choices, instead: value))"]
        default: return ["is \(brief(value)), but \(demand(of: assertion, on: value))"]
        }
    }

    private static func demand(of assertion: Assertion, on value: JSONValue) -> String {
        switch assertion {
        case .never: "no value is allowed here, for the schema is false"
        case .type(let types): "\(list(types.names.map(withArticle), "or")) is expected"
        case .constant(let constant): "\(brief(constant)) is expected"
        case .multipleOf(let divisor): "a multiple of \(divisor.literal) is expected"
        case .maximum(let bound): "at most \(bound.literal) is allowed"
        case .exclusiveMaximum(let bound): "less than \(bound.literal) is expected"
        case .minimum(let bound): "at least \(bound.literal) is expected"
        case .exclusiveMinimum(let bound): "more than \(bound.literal) is expected"
        case .maxLength(let bound): "at most \(count(bound, "character")) \(bound == 1 ? "is" : "are") allowed"
        case .minLength(let bound): "at least \(count(bound, "character")) \(bound == 1 ? "is" : "are") expected"
        case .maxItems(let bound): "at most \(count(bound, "element")) \(bound == 1 ? "is" : "are") allowed"
        case .minItems(let bound): "at least \(count(bound, "element")) \(bound == 1 ? "is" : "are") expected"
        case .maxProperties(let bound): "at most \(count(bound, "member")) \(bound == 1 ? "is" : "are") allowed"
        case .minProperties(let bound): "at least \(count(bound, "member")) \(bound == 1 ? "is" : "are") expected"
        case .uniqueItems: repetition(in: value)
        case .oneOf, .required, .dependentRequired: "something else is expected"
        }
    }

    // MARK: - Members

    private static func missing(_ name: String, in value: JSONValue) -> String? {
        guard let object = value.object, object[name] == nil else { return nil }
        let similar = nearest(name, among: object.keys).map { "; is \(quote($0)) meant to be it?" }
        return "lacks the required member \(quote(name))\(similar ?? "")"
    }

    static func unknownMember(_ name: String, allowed: [String]) -> String {
        let complaint = "is not allowed, for the schema knows no member \(quote(name))"
        if let name = nearest(name, among: allowed) { return "\(complaint); did you mean \(quote(name))?" }
        guard !allowed.isEmpty else { return complaint }
        return "\(complaint); it knows \(abridged(allowed.map(quote), "and"))"
    }

    // MARK: - Alternatives

    private static func expected(_ choices: [JSONValue], instead value: JSONValue) -> String {
        let names = choices.compactMap(\.string)
        let similar = value.string.flatMap { nearest($0, among: names) }.map { "; did you mean \(quote($0))?" }
        let word = choices.count == 1 ? "" : "one of "
        return "\(word)\(abridged(choices.map { spelled($0) }, "or")) is expected\(similar ?? "")"
    }

    /// Says which alternative came closest: one of the right type, wrong as deep inside and in as few ways as possible.
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
        return "; alternative \(best.index) (counted from 0) comes closest: \(first.message)"
    }

    private static func repetition(in value: JSONValue) -> String {
        guard let elements = value.array, let second = Assertion.firstRepetition(in: elements),
            let first = elements.firstIndex(of: elements[second])
        else { return "all elements must differ" }
        return "all elements must differ, and those at \(first) and \(second) are equal"
    }

    // MARK: - Words

    /// The value in a few words with its type.
    static func brief(_ value: JSONValue) -> String {
        switch value {
        case .null: "null"
        case .bool: "the boolean \(value)"
        case .number(let number): "the number \(shortened(number.literal))"
        case .string(let text): "the string \(quote(text))"
        case .array(let elements):
            elements.isEmpty ? "an empty array" : "an array of \(count(elements.count, "element"))"
        case .object(let object):
            object.isEmpty ? "an empty object" : "an object with \(abridged(object.keys.map(quote), "and", most: 5))"
        }
    }

    private static func spelled(_ value: JSONValue) -> String {
        shortened(value.description)
    }

    static func quote(_ text: String) -> String {
        JSONValue.string(shortened(text)).description
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

    private static func count(_ number: Int, _ noun: String) -> String {
        "\(number) \(noun)\(number == 1 ? "" : "s")"
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
