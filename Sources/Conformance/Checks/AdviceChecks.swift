import JSON
import MCP

extension Check {
    /// What models and hosts need, although no rule asks for it.
    static let advice: [Check] = [
        Check("A01", "tool-descriptions", .advice, nil, needs: "tools", rule: "Every tool has a description") { p in
            for tool in p.catalog.tools {
                let isEmpty = tool["description"]?.string?.allSatisfy(\.isWhitespace) ?? true
                try p.expect(!isEmpty, "tool \(label(tool)) has none", p.catalog.page(of: tool, .tools).first)
            }
        },
        Check(
            "A02",
            "parameter-descriptions",
            .advice,
            nil,
            needs: "tools",
            rule: "Every parameter of a tool has a description"
        ) { p in
            let silent = p.catalog.tools.map { (tool: $0, names: undescribed($0)) }.filter { !$0.names.isEmpty }
            let text = silent.map { tool, names in
                "\(label(tool)): \(names.map { "`\($0)`" }.joined(separator: ", "))"
            }
            try p.expect(
                silent.isEmpty,
                "missing in tool \(text.joined(separator: "; "))",
                silent.first.flatMap { p.catalog.page(of: $0.tool, .tools).first }
            )
        },
        Check(
            "A03",
            "tool-names-short",
            .advice,
            nil,
            needs: "tools",
            rule: "Names of tools have at most 64 characters, the limit of some hosts"
        ) { p in
            for tool in p.catalog.tools {
                let count = tool["name"]?.string?.count ?? 0
                try p.expect(
                    count <= 64,
                    "tool \(label(tool)): \(count) characters",
                    p.catalog.page(of: tool, .tools).first
                )
            }
        },
        Check(
            "A04",
            "number-of-tools",
            .advice,
            nil,
            needs: "tools",
            rule: "There are at most 128 tools, the limit of some hosts"
        ) { p in
            try p.expect(p.catalog.tools.count <= 128, "\(p.catalog.tools.count) tools", p.catalog.pages[.tools]?.first)
        },
        Check(
            "A05",
            "definition-size",
            .advice,
            nil,
            needs: "tools",
            rule: "The definitions of all tools cost at most 10,000 tokens"
        ) { p in
            let tokens = p.catalog.tools.reduce(0) { $0 + $1.description.utf8.count } / 4
            try p.expect(tokens <= 10_000, "about \(tokens) tokens", p.catalog.pages[.tools]?.first)
        },
        Check(
            "A06",
            "required-properties-described",
            .advice,
            nil,
            needs: "tools",
            rule: "Required parameters are among the properties of the schema"
        ) { p in
            for tool in p.catalog.tools {
                let known = Set(tool["inputSchema"]?["properties"]?.object?.keys ?? [])
                for name in (tool["inputSchema"]?["required"]?.array ?? []).compactMap(\.string) {
                    try p.expect(
                        known.contains(name),
                        "tool \(label(tool)): `\(name)`",
                        p.catalog.page(of: tool, .tools).first
                    )
                }
            }
        },
        Check("A07", "defaults-match", .advice, nil, needs: "tools", rule: "Defaults of parameters match their schema")
        { p in
            for tool in p.catalog.tools {
                for property in tool["inputSchema"]?["properties"]?.object?.members ?? [] {
                    guard let value = property.value["default"], property.value["$ref"] == nil else { continue }
                    let violation = violation(of: value, property.value)
                    try p.expect(
                        violation == nil,
                        "tool \(label(tool)), `\(property.key)`: \(violation ?? "")",
                        p.catalog.page(of: tool, .tools).first
                    )
                }
            }
        },
        Check(
            "A08",
            "instructions-size",
            .advice,
            nil,
            rule: "The instructions have at most 2,048 characters, the limit of some hosts"
        ) { p in
            let count = p.main.greeting?.result?["instructions"]?.string?.count ?? 0
            try p.expect(count <= 2048, "\(count) characters", p.main.greeting)
        },
        Check(
            "A09",
            "tool-read-only-hints",
            .advice,
            nil,
            in: .since(.v2025_03_26),
            needs: "tools",
            rule: "Every tool says whether it only reads: readOnlyHint"
        ) { p in
            let silent = p.catalog.tools.filter { $0["annotations"]?["readOnlyHint"]?.bool == nil }
            try p.expect(
                silent.isEmpty,
                "missing in tool \(silent.map(label).joined(separator: ", "))",
                silent.first.flatMap { p.catalog.page(of: $0, .tools).first }
            )
        },
        Check(
            "A10",
            "resource-descriptions",
            .advice,
            nil,
            needs: "resources",
            rule: "Every resource and template has a MIME type or a description"
        ) { p in
            for kind in [Catalog.Kind.resources, .resourceTemplates] {
                for item in p.catalog.items(kind) {
                    let isKnown = item["mimeType"]?.string != nil || item["description"]?.string != nil
                    try p.expect(isKnown, "\(label(item)) has neither", p.catalog.page(of: item, kind).first)
                }
            }
        },
    ]

    /// The parameters of a tool without a description, unless it may be elsewhere.
    private static func undescribed(_ tool: JSONValue) -> [String] {
        (tool["inputSchema"]?["properties"]?.object?.members ?? []).filter { property in
            property.value["$ref"] == nil && property.value["description"]?.string?.isEmpty ?? true
        }.map(\.key)
    }
}
