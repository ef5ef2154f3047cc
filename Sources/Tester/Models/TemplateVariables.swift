import JSON

/// Fills the placeholders of a prompt's text: `{{name}}`, and `{name}` as in the first mcp-test-mcp.
struct TemplateVariables {
    /// The values as text: a string as it is, everything else as indented JSON.
    private let values: [String: String]
    private(set) var used: Set<String> = []
    /// The placeholders without a value, in the order of their appearance.
    private(set) var missing: [String] = []
    private let names: [String]

    init(_ variables: JSONObject) {
        names = variables.keys
        values = Dictionary(variables.members.map { ($0.key, $0.value.string ?? $0.value.prettyPrinted) }) { $1 }
    }

    /// The variables without a placeholder.
    var unused: [String] { names.filter { !used.contains($0) } }

    /// Fills a text in one pass, so that placeholders in a value are not filled again.
    mutating func fill(_ text: String) -> String {
        var result = ""
        var rest = text[...]
        while let brace = rest.firstIndex(of: "{") {
            result += rest[..<brace]
            rest = rest[brace...]
            let isDouble = rest.hasPrefix("{{")
            guard
                let (name, end) = Self.placeholder(rest, isDouble: isDouble) ?? Self.placeholder(rest, isDouble: false)
            else {
                result.append("{")
                rest.removeFirst()
                continue
            }
            let whole = rest[..<end]
            if let value = values[name] {
                used.insert(name)
                result += value
                rest = rest[end...]
            } else if isDouble, whole.hasPrefix("{{") {
                note(name)
                result += whole
                rest = rest[end...]
            } else {
                // Single braces are also common in JSON and code: they count only if there are variables.
                if !values.isEmpty { note(name) }
                result += whole
                rest = rest[end...]
            }
        }
        return result + rest
    }

    private mutating func note(_ name: String) {
        if Self.isIdentifier(name), !missing.contains(name) { missing.append(name) }
    }

    /// The name in the placeholder at the start of a text, and where it ends.
    private static func placeholder(_ text: Substring, isDouble: Bool) -> (name: String, end: Substring.Index)? {
        let inner = text.dropFirst(isDouble ? 2 : 1)
        guard let close = inner.firstIndex(where: { $0 == "}" || $0 == "{" || $0.isNewline }), inner[close] == "}"
        else {
            return nil
        }
        var name = inner[..<close]
        var end = inner.index(after: close)
        if isDouble {
            guard end < text.endIndex, text[end] == "}" else { return nil }
            end = text.index(after: end)
            name = name.drop { $0 == " " }
            while name.last == " " { name.removeLast() }
        }
        guard !name.isEmpty, name.count <= 100 else { return nil }
        return (String(name), end)
    }

    private static func isIdentifier(_ name: String) -> Bool {
        guard let first = name.first, first.isLetter || first == "_" else { return false }
        return name.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" || $0 == "." }
    }
}
