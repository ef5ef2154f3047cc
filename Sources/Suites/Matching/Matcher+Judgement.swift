import JSON
import JSONSchema
import MCP

extension Matcher {
    /// Why a value does not satisfy the matcher; nil if it does.
    ///
    /// - Parameter value: Nil if there is no value at the place.
    /// - Throws: ``MissingValue`` if the matcher refers to a value that was not captured.
    func mismatch(of value: JSONValue?, in scope: Scope) throws(MissingValue) -> Mismatch? {
        if case .exists(let isExpected) = self {
            guard isExpected != (value != nil) else { return nil }
            return Mismatch(isExpected ? "a value" : "no value", value)
        }
        // What is excluded need not be there.
        switch self {
        case .none, .not, .any, .all: break
        default: if value == nil { return Mismatch(try clause(in: scope), nil) }
        }
        let actual = value ?? .null
        switch self {
        case .equals(let template): return equality(try template.value(in: scope), actual)
        case .contains(let template):
            let wanted = try template.value(in: scope)
            return Containment.holds(actual, wanted) ? nil : Mismatch(try clause(in: scope), value)
        case .matches(_, let schema):
            guard case .string = actual else { return Mismatch(try clause(in: scope), value) }
            let validation = schema.validate(actual)
            if let exceeded = validation.exceeded {
                return Mismatch(try clause(in: scope), value, details: ["not decided: \(exceeded)"])
            }
            return validation.isValid ? nil : Mismatch(try clause(in: scope), value)
        case .any(let matchers): return try anyMismatch(matchers, value, scope)
        case .all(let matchers):
            for matcher in matchers { if let mismatch = try matcher.mismatch(of: value, in: scope) { return mismatch } }
            return nil
        case .none(let matchers):
            for matcher in matchers where try matcher.mismatch(of: value, in: scope) == nil {
                return Mismatch("anything but \(try matcher.clause(in: scope))", value)
            }
            return nil
        case .not(let matcher):
            guard try matcher.mismatch(of: value, in: scope) == nil else { return nil }
            return Mismatch("anything but \(try matcher.clause(in: scope))", value)
        case .each(let matcher): return try eachMismatch(matcher, actual, scope)
        case .approx(let template, let tolerance):
            let wanted = try template.value(in: scope)
            guard let number = actual.double, let expected = wanted.double else {
                return Mismatch(try clause(in: scope), value)
            }
            guard abs(number - expected) > tolerance else { return nil }
            return Mismatch(try clause(in: scope), value, details: ["differs by \(JSONValue(abs(number - expected)))"])
        case .type(let names):
            return names.contains { Self.isOfType(actual, $0) }
                ? nil
                : Mismatch(
                    try clause(in: scope),
                    shown: "\(actual.typeName) \(Excerpt.of(actual))"
                )
        case .length(let matcher):
            guard let length = Self.length(of: actual) else { return Mismatch(try clause(in: scope), value) }
            guard let mismatch = try matcher.mismatch(of: JSONValue(length), in: scope) else { return nil }
            return Mismatch("a length that is \(mismatch.expected)", shown: "length \(length): \(Excerpt.of(actual))")
        case .unordered(let templates): return try unorderedMismatch(templates, actual, scope)
        case .bound(let bound, let template):
            let limit = try template.value(in: scope)
            guard let number = actual.number, let other = limit.number else {
                return Mismatch(try clause(in: scope), value)
            }
            let holds =
                switch bound {
                case .atLeast: !(number < other)
                case .atMost: !(other < number)
                case .above: other < number
                case .below: number < other
                }
            return holds ? nil : Mismatch(try clause(in: scope), value)
        case .exists: return nil
        }
    }

    // MARK: - Parts

    private func equality(_ expected: JSONValue, _ actual: JSONValue) -> Mismatch? {
        guard expected != actual else { return nil }
        return Mismatch(
            Excerpt.of(expected),
            actual,
            details: ValueDifference.lines(from: expected, to: actual)
        )
    }

    private func anyMismatch(
        _ matchers: [Matcher],
        _ value: JSONValue?,
        _ scope: Scope
    ) throws(MissingValue) -> Mismatch? {
        var clauses: [String] = []
        for matcher in matchers {
            if try matcher.mismatch(of: value, in: scope) == nil { return nil }
            clauses.append(try matcher.clause(in: scope))
        }
        return Mismatch(clauses.joined(separator: " or "), value)
    }

    private func eachMismatch(
        _ matcher: Matcher,
        _ actual: JSONValue,
        _ scope: Scope
    ) throws(MissingValue) -> Mismatch? {
        guard let elements = actual.array else { return Mismatch(try clause(in: scope), actual) }
        for (index, element) in elements.enumerated() {
            guard let mismatch = try matcher.mismatch(of: element, in: scope) else { continue }
            return Mismatch(
                "each element to be \(mismatch.expected)",
                shown: "element \(index): \(mismatch.actual)",
                details: mismatch.details
            )
        }
        return nil
    }

    private func unorderedMismatch(
        _ templates: [Template],
        _ actual: JSONValue,
        _ scope: Scope
    ) throws(MissingValue) -> Mismatch? {
        guard var rest = actual.array else { return Mismatch(try clause(in: scope), actual) }
        var missing: [JSONValue] = []
        for template in templates {
            let wanted = try template.value(in: scope)
            if let index = rest.firstIndex(of: wanted) { rest.remove(at: index) } else { missing.append(wanted) }
        }
        guard !missing.isEmpty || !rest.isEmpty else { return nil }
        let details =
            missing.map { "missing: \(Excerpt.of($0, limit: 120))" }
            + rest.map { "extra: \(Excerpt.of($0, limit: 120))" }
        return Mismatch(try clause(in: scope), actual, details: Array(details.prefix(10)))
    }

    private static func isOfType(_ value: JSONValue, _ name: String) -> Bool {
        switch (name, value) {
        case ("string", .string), ("boolean", .bool), ("object", .object), ("array", .array), ("null", .null),
            ("number", .number):
            true
        case ("integer", .number(let number)): number.isIntegral
        default: false
        }
    }

    private static func length(of value: JSONValue) -> Int? {
        switch value {
        case .string(let text): text.count
        case .array(let elements): elements.count
        case .object(let object): object.count
        default: nil
        }
    }
}

extension Matcher {
    /// What the matcher expects: the words after "expected".
    func clause(in scope: Scope) throws(MissingValue) -> String {
        switch self {
        case .equals(let template): return Excerpt.of(try template.value(in: scope))
        case .contains(let template): return "a value that contains \(Excerpt.of(try template.value(in: scope)))"
        case .matches(let pattern, _): return "text that matches /\(pattern)/"
        case .any(let matchers): return try clauses(matchers, scope).joined(separator: " or ")
        case .all(let matchers): return try clauses(matchers, scope).joined(separator: " and ")
        case .none(let matchers): return "anything but \(try clauses(matchers, scope).joined(separator: " or "))"
        case .not(let matcher): return "anything but \(try matcher.clause(in: scope))"
        case .each(let matcher): return "a list in which each element is \(try matcher.clause(in: scope))"
        case .approx(let template, let tolerance):
            return "approximately \(Excerpt.of(try template.value(in: scope))) (±\(JSONValue(tolerance)))"
        case .type(let names): return "a value of type \(names.joined(separator: " or "))"
        case .length(let matcher): return "a length that is \(try matcher.clause(in: scope))"
        case .unordered(let templates):
            var elements: [JSONValue] = []
            for template in templates { elements.append(try template.value(in: scope)) }
            return "in any order: \(Excerpt.of(.array(elements)))"
        case .bound(let bound, let template):
            let word =
                switch bound {
                case .atLeast: "at least"
                case .atMost: "at most"
                case .above: "more than"
                case .below: "less than"
                }
            return "\(word) \(Excerpt.of(try template.value(in: scope)))"
        case .exists(let isExpected): return isExpected ? "a value" : "no value"
        }
    }

    private func clauses(_ matchers: [Matcher], _ scope: Scope) throws(MissingValue) -> [String] {
        var clauses: [String] = []
        for matcher in matchers { clauses.append(try matcher.clause(in: scope)) }
        return clauses
    }
}

/// Decides whether a value contains another one.
enum Containment {
    /// Text contains text, a list an element, and an object the members of another one, each compared in the same way.
    static func holds(_ value: JSONValue, _ wanted: JSONValue) -> Bool {
        switch (value, wanted) {
        case (.string(let text), .string(let part)): part.isEmpty || text.firstRange(of: part) != nil
        case (.array(let elements), .array(let parts)):
            parts.allSatisfy { part in elements.contains { isPart(part, of: $0) } }
        case (.array(let elements), _): elements.contains { isPart(wanted, of: $0) }
        case (.object, .object): isPart(wanted, of: value)
        default: false
        }
    }

    /// Whether two values are equal, except for further members of objects.
    private static func isPart(_ part: JSONValue, of value: JSONValue) -> Bool {
        switch (part, value) {
        case (.object(let wanted), .object(let object)):
            wanted.members.allSatisfy { member in object[member.key].map { isPart(member.value, of: $0) } ?? false }
        default: part == value
        }
    }
}
