import JSON

/// Where something changed, in words: the item first, then the part of it.
package struct SurfacePlace {
    private let item: String
    private let field: String?

    /// - Parameters:
    ///   - subject: What changed, such as `tool`.
    ///   - field: The place in the item as a JSON Pointer; `nil` for the whole item.
    package init(_ subject: String, name: String?, field: String?) {
        item = name.map { "\(subject) \"\($0)\"" } ?? subject
        self.field = field.map { Self.words(JSONPointer($0)?.tokens ?? [$0]) }
    }

    /// What happened there, such as ``tool "add": argument `c` removed``.
    package func text(_ action: String) -> String {
        field.map { "\(item): \($0) \(action)" } ?? "\(item) \(action)"
    }

    private static func words(_ tokens: [String]) -> String {
        let root = tokens.first ?? ""
        guard
            let noun = ["inputSchema": "argument", "arguments": "argument", "outputSchema": "member of the result"][
                root
            ]
        else { return tokens.joined(separator: "/") }
        if tokens == ["inputSchema", "required"] { return "required arguments" }
        var rest = tokens.dropFirst()
        var names: [String] = []
        if root == "arguments" { names += rest.popFirst().map { [$0] } ?? [] }
        while rest.first == "properties", rest.count > 1 {
            rest.removeFirst()
            names += rest.popFirst().map { [$0] } ?? []
        }
        guard !names.isEmpty else { return tokens.joined(separator: "/") }
        let value = "\(noun) `\(names.joined(separator: "."))`"
        return rest.isEmpty ? value : "`\(rest.joined(separator: "/"))` of \(value)"
    }
}
