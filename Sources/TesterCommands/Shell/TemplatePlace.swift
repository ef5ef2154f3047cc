import JSON

/// Where a typed text ends within a URI template: in the text before the first variable, or in a variable.
///
/// Only variables that stand for one part of the URI (`{name}`) are completed.
struct TemplatePlace {
    /// What comes before the variable, with the values of those before it.
    private(set) var prefix = ""
    /// The variable; nil if the text ends before the first one.
    private(set) var variable: String?
    /// What was typed of its value.
    private(set) var value = ""
    /// The text that follows it in the template, up to the next variable.
    private(set) var suffix = ""
    /// Whether no variable follows.
    private(set) var isLast = true
    /// The variables before it, with their values.
    private(set) var others: JSONObject = [:]

    /// Nil if the text does not fit the template.
    init?(_ template: String, typed: String) {
        var rest = typed[...]
        let parts = Self.parts(of: template)
        for (index, part) in parts.enumerated() {
            switch part {
            case .text(let text):
                if index == 0, rest.count < text.count, text.hasPrefix(rest) {
                    prefix = text
                    return
                }
                guard rest.hasPrefix(text) else { return nil }
                rest = rest.dropFirst(text.count)
                prefix += text
            case .variable(let name):
                let following: String =
                    if parts.indices.contains(index + 1), case .text(let text) = parts[index + 1] { text } else { "" }
                if !following.isEmpty, let end = rest.firstRange(of: following) {
                    others[name] = .string(String(rest[..<end.lowerBound]))
                    prefix += rest[..<end.lowerBound]
                    rest = rest[end.lowerBound...]
                    continue
                }
                guard !rest.contains("/") else { return nil }
                (variable, value, suffix) = (name, String(rest), following)
                isLast = !parts.dropFirst(index + 1).contains { if case .variable = $0 { true } else { false } }
                return
            }
        }
        return nil
    }

    /// The names of the variables.
    static func variables(of template: String) -> [String] {
        parts(of: template).compactMap { if case .variable(let name) = $0 { name } else { nil } }
    }

    private enum Part {
        case text(String)
        case variable(String)
    }

    private static func parts(of template: String) -> [Part] {
        var parts: [Part] = []
        var rest = template[...]
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            if open > rest.startIndex { parts.append(.text(String(rest[..<open]))) }
            parts.append(.variable(String(rest[rest.index(after: open)..<close])))
            rest = rest[rest.index(after: close)...]
        }
        if !rest.isEmpty { parts.append(.text(String(rest))) }
        return parts
    }
}
