import JSON
import TextUtilities

extension SuiteReader {
    /// The members of a mapping by their keys.
    struct Fields {
        fileprivate var entries: [String: SourceNode.Entry] = [:]

        subscript(key: String) -> SourceNode? { entries[key]?.value }

        var keys: some Sequence<String> { entries.keys }
    }

    /// The members of a mapping; keys that are not in the list are problems.
    ///
    /// - Parameter what: What the mapping is, for messages.
    mutating func fields(_ node: SourceNode, of what: String, _ keys: [String]) -> Fields? {
        guard let entries = mapping(node, of: what) else { return nil }
        var fields = Fields()
        for entry in entries {
            if keys.contains(entry.key) {
                fields.entries[entry.key] = entry
            } else {
                let advice = suggestion(for: entry.key, among: keys)
                add("Unknown key `\(entry.key)` in \(what).\(advice)", at: entry.keyOffset, entry.key.count)
            }
        }
        return fields
    }

    /// Whether a mapping has an unknown key, which is reported already, that is probably a missing key misspelled.
    func hasMisspelled(_ key: String, in node: SourceNode, _ keys: [String]) -> Bool {
        guard case .mapping(let entries) = node.content else { return false }
        return entries.contains { !keys.contains($0.key) && intended(by: $0.key, among: keys) == key }
    }

    mutating func mapping(_ node: SourceNode, of what: String) -> [SourceNode.Entry]? {
        if case .mapping(let entries) = node.content { return entries }
        add("Expected a mapping (\(what)), got \(node.typeName).", at: node)
        return nil
    }

    mutating func list(_ node: SourceNode, of what: String) -> [SourceNode] {
        if case .sequence(let nodes) = node.content { return nodes }
        add("`\(what)` must be a list, got \(node.typeName).", at: node)
        return []
    }

    // MARK: - Scalars

    /// Text; a number or a Boolean is not text.
    mutating func string(_ node: SourceNode) -> String? {
        if case .scalar(let text, let isPlain) = node.content, !isPlain || node.json.string != nil {
            return text.contains("${") ? expanded(node) : text
        }
        let advice = if case .scalar = node.content { " Quote it to make it text." } else { "" }
        add("Expected text, got \(node.typeName).\(advice)", at: node)
        return nil
    }

    mutating func nonEmptyString(_ node: SourceNode, of what: String) -> String? {
        guard let text = string(node) else { return nil }
        if text.isEmpty { add("\(what) is empty.", at: node) }
        return text.isEmpty ? nil : text
    }

    mutating func bool(_ node: SourceNode) -> Bool? {
        if let value = node.json.bool { return value }
        add("Expected true or false, got \(node.typeName).", at: node)
        return nil
    }

    mutating func integer(_ node: SourceNode, in range: ClosedRange<Int>) -> Int? {
        if let value = node.json.int, range.contains(value) { return value }
        add("Expected an integer from \(range.lowerBound) to \(range.upperBound), got \(node.typeName).", at: node)
        return nil
    }

    /// A duration: seconds, or a number with `ms`, `s` or `m`.
    mutating func duration(_ node: SourceNode) -> Duration? {
        if let duration = Self.duration(node.json), duration > .zero { return duration }
        add("Expected a duration such as 500ms, 2s or 1m, got \(node.typeName).", at: node)
        return nil
    }

    private static func duration(_ value: JSONValue) -> Duration? {
        if let seconds = value.double { return seconds < 1e6 ? .seconds(seconds) : nil }
        guard let text = value.string else { return nil }
        for (unit, factor) in [("ms", 0.001), ("s", 1.0), ("m", 60.0)] where text.hasSuffix(unit) {
            guard let number = Double(text.dropLast(unit.count)), number >= 0, number < 1e9 else { continue }
            return .seconds(number * factor)
        }
        return nil
    }

    /// The longest time of a response: a duration, which may be written as `<500ms`.
    mutating func latency(_ node: SourceNode) -> Duration? {
        if let text = node.json.string, text.hasPrefix("<") {
            if let duration = Self.duration(.string(String(text.dropFirst()).trimmingSpaces)) { return duration }
            add("Expected a duration such as <500ms, got \(node.typeName).", at: node)
            return nil
        }
        return duration(node)
    }

    mutating func choice<Value: RawRepresentable & CaseIterable>(
        _ node: SourceNode,
        _ type: Value.Type
    ) -> Value? where Value.RawValue == String {
        let names = type.allCases.map(\.rawValue)
        guard let text = string(node) else { return nil }
        if let value = Value(rawValue: text) { return value }
        add("Unknown value \"\(text)\".\(suggestion(for: text, among: names))", at: node)
        return nil
    }

    // MARK: - References

    static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, !first.isDigit else { return false }
        return text.utf8.allSatisfy { byte in
            byte.isDigit || byte == UInt8(ascii: "_")
                || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
        }
    }

    /// Text in which all references are to variables, which are replaced.
    mutating func expanded(_ node: SourceNode) -> String {
        guard case .scalar(let text, _) = node.content else { return "" }
        switch parts(of: text, at: node) {
        case .value(let value): return value.string ?? text
        case .reference, .text:
            add("A captured value can only be used in steps.", at: node)
            return text
        case .array, .object: return text
        }
    }

    /// A value of a step, in which references to variables are replaced.
    mutating func template(_ node: SourceNode) -> Template {
        switch node.content {
        case .scalar(let text, let isPlain):
            if text.contains("${") { return parts(of: text, at: node) }
            return .value(isPlain ? PlainScalar.value(of: text) : .string(text))
        case .sequence(let nodes):
            var elements: [Template] = []
            for node in nodes { elements.append(template(node)) }
            return Self.simplified(elements)
        case .mapping(let entries):
            var members: [(key: String, value: Template)] = []
            for entry in entries { members.append((entry.key, template(entry.value))) }
            let values = members.compactMap { member in
                if case .value(let value) = member.value {
                    JSONObject.Member(key: member.key, value: value)
                } else {
                    nil
                }
            }
            return values.count == members.count ? .value(.object(JSONObject(values))) : .object(members)
        }
    }

    private static func simplified(_ elements: [Template]) -> Template {
        let values = elements.compactMap { if case .value(let value) = $0 { value } else { nil } }
        return values.count == elements.count ? .value(.array(values)) : .array(elements)
    }

    /// Text with its references: `${NAME}`, `${NAME:-default}`, `${case.name}`; `$${` is `${`.
    private mutating func parts(of text: String, at node: SourceNode) -> Template {
        var parts: [Template.Part] = []
        var literal = ""
        var rest = text[...]
        while let start = rest.firstRange(of: "${") {
            if start.lowerBound > rest.startIndex, rest[rest.index(before: start.lowerBound)] == "$" {
                literal += rest[..<rest.index(before: start.lowerBound)] + "${"
                rest = rest[start.upperBound...]
                continue
            }
            literal += rest[..<start.lowerBound]
            guard let end = rest[start.upperBound...].firstIndex(of: "}") else {
                add("The reference is not closed by `}`. Write `$${` for a literal `${`.", at: node)
                return .value(.string(text))
            }
            let reference = String(rest[start.upperBound..<end])
            if reference.hasPrefix("case.") {
                let name = String(reference.dropFirst(5))
                checkCaptured(name, at: node)
                if !literal.isEmpty { parts.append(.text(literal)) }
                literal = ""
                parts.append(.reference(name))
            } else {
                literal += variable(reference, at: node)
            }
            rest = rest[rest.index(after: end)...]
        }
        literal += rest
        if case .reference(let name)? = parts.first, parts.count == 1, literal.isEmpty { return .reference(name) }
        guard !parts.isEmpty else { return .value(.string(literal)) }
        if !literal.isEmpty { parts.append(.text(literal)) }
        return .text(parts)
    }

    private mutating func checkCaptured(_ name: String, at node: SourceNode) {
        guard !captured.contains(name) else { return }
        let names = captured.sorted()
        let close = nearest(name, among: names)
        let advice =
            close.map { " Did you mean `${case.\($0)}`?" } ?? " An earlier step must have it under `capture`."
        add("No earlier step captures `\(name)`.\(advice)", at: node)
    }

    private mutating func variable(_ reference: String, at node: SourceNode) -> String {
        let parts = reference.firstRange(of: ":-")
        let name = parts.map { String(reference[..<$0.lowerBound]) } ?? reference
        guard Self.isName(name) else {
            add("`${\(reference)}` is not a reference. Use ${NAME}, ${NAME:-default} or ${case.name}.", at: node)
            return ""
        }
        if let value = variables[name] { return value }
        if let value = environment(name) {
            if isSecret(name), !value.isEmpty { secrets.insert(value) }
            return value
        }
        if let parts { return String(reference[parts.upperBound...]) }
        let close = nearest(name, among: variables.keys).map { " Did you mean `${\($0)}`?" }
        add(
            "The variable `\(name)` is not set."
                + (close ?? " Set it in the environment or under `variables`, or write ${\(name):-default}."),
            at: node
        )
        return ""
    }
}
