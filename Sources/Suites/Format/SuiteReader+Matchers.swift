import JSON
import JSONSchema

extension SuiteReader {
    /// A condition: a value that is compared, or a mapping of matchers that must all hold.
    mutating func matcher(_ node: SourceNode) -> Matcher? {
        guard case .mapping(let entries) = node.content else { return .equals(template(node)) }
        let unknown = entries.filter { !SuiteKeys.matchers.contains($0.key) }
        if let first = unknown.first {
            let advice =
                unknown.count == entries.count
                ? " To compare with a mapping, write `equals: {…}`."
                : ""
            add(
                "Unknown matcher `\(first.key)`.\(suggestion(for: first.key, among: SuiteKeys.matchers))\(advice)",
                at: first.keyOffset,
                first.key.count
            )
            return nil
        }
        guard !entries.isEmpty else {
            add("A matcher is missing. To compare with an empty mapping, write `equals: {}`.", at: node)
            return nil
        }
        var matchers: [Matcher] = []
        for entry in entries where entry.key != "tolerance" {
            guard let matcher = matcher(entry, in: node) else { return nil }
            matchers.append(matcher)
        }
        if let tolerance = node["tolerance"], node["approx"] == nil {
            add("`tolerance` goes with `approx`.", at: tolerance)
            return nil
        }
        return matchers.count == 1 ? matchers[0] : .all(matchers)
    }

    private mutating func matcher(_ entry: SourceNode.Entry, in mapping: SourceNode) -> Matcher? {
        let node = entry.value
        switch entry.key {
        case "equals": return .equals(template(node))
        case "contains": return .contains(template(node))
        case "matches": return pattern(node)
        case "any": return matchers(node, of: "any").map { .any($0) }
        case "all": return matchers(node, of: "all").map { .all($0) }
        case "none": return matchers(node, of: "none").map { .none($0) }
        case "not": return matcher(node).map { .not($0) }
        case "each": return matcher(node).map { .each($0) }
        case "approx":
            var tolerance = 1e-6
            if let given = mapping["tolerance"] {
                guard let value = given.json.double, value >= 0 else {
                    add("Expected a number of at least 0, got \(given.typeName).", at: given)
                    return nil
                }
                tolerance = value
            }
            return number(node).map { .approx($0, tolerance: tolerance) }
        case "type": return types(node)
        case "length": return matcher(node).map { .length($0) }
        case "unordered":
            var elements: [Template] = []
            for item in list(node, of: "unordered") { elements.append(template(item)) }
            return .unordered(elements)
        case "exists": return bool(node).map { .exists($0) }
        default:
            guard let bound = Matcher.Bound(rawValue: entry.key) else { return nil }
            return number(node).map { .bound(bound, $0) }
        }
    }

    private mutating func matchers(_ node: SourceNode, of what: String) -> [Matcher]? {
        guard case .sequence(let nodes) = node.content, !nodes.isEmpty else {
            add("`\(what)` takes a list of matchers.", at: node)
            return nil
        }
        var matchers: [Matcher] = []
        for node in nodes {
            guard let matcher = matcher(node) else { return nil }
            matchers.append(matcher)
        }
        return matchers
    }

    private mutating func pattern(_ node: SourceNode) -> Matcher? {
        guard let text = string(node) else { return nil }
        do throws(JSONSchemaError) {
            return .matches(text, try JSONSchema(["type": "string", "pattern": .string(text)]))
        } catch {
            add("The regular expression is invalid: \(error.message).", at: node)
            return nil
        }
    }

    /// A number, or a reference to a captured one.
    private mutating func number(_ node: SourceNode) -> Template? {
        let template = template(node)
        switch template {
        case .reference: return template
        case .value(.number): return template
        default:
            add("Expected a number, got \(node.typeName).", at: node)
            return nil
        }
    }

    private mutating func types(_ node: SourceNode) -> Matcher? {
        var nodes = [node]
        if case .sequence(let items) = node.content { nodes = items }
        var types: [String] = []
        for node in nodes {
            guard let text = node.isNull ? "null" : string(node) else { return nil }
            guard SuiteKeys.types.contains(text) else {
                add("Unknown type \"\(text)\".\(suggestion(for: text, among: SuiteKeys.types))", at: node)
                return nil
            }
            types.append(text)
        }
        return .type(types)
    }
}
