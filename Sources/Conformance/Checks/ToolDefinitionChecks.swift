import JSON
import JSONSchema
import MCP
import MCPTransport

extension Check {
    /// Tools as they are listed.
    static let toolDefinitions: [Check] = [
        Check("S180", "tools-capability", .must, .tools, rule: "A server with tools declares the capability tools") {
            p in
            guard p.capabilities["tools"] == nil else { return }
            let exchange = await p.request("tools/list")
            let count = exchange.result?["tools"]?.array?.count ?? 0
            try p.expect(count == 0, "\(count) tools without the capability", exchange)
        },
        Check(
            "S181",
            "tools-list",
            .must,
            .tools,
            needs: "tools",
            rule: "Every tool has a name and an inputSchema of type object"
        ) { p in
            let exchange = await p.request("tools/list")
            try p.expect(try p.result(exchange)["tools"]?.array != nil, "no array `tools`", exchange)
            for tool in p.catalog.tools {
                let pages = p.catalog.page(of: tool, .tools).first
                try p.expect(tool["name"]?.string != nil, "a tool without a name: \(tool)", pages)
                let schema = tool["inputSchema"]
                let isObject = schema?.object != nil && schema?["type"] == "object"
                try p.expect(
                    isObject,
                    "tool \(label(tool)): inputSchema \(shortened((schema ?? nil).description))",
                    pages
                )
            }
        },
        Check(
            "S182",
            "tool-schemas-valid",
            .must,
            .tools,
            in: .since(.v2025_11_25),
            needs: "tools",
            rule: "Input and output schemas are valid in their dialect"
        ) { p in try validSchemas(p) },
        Check(
            "S183",
            "tool-schemas-valid-early",
            .advice,
            .tools,
            in: .from(.earliest, through: .v2025_06_18),
            needs: "tools",
            rule: "Input and output schemas are valid JSON Schema"
        ) { p in try validSchemas(p) },
        Check(
            "S184",
            "tools-name-format",
            .should,
            .tools,
            in: .since(.v2025_11_25),
            needs: "tools",
            rule: "Names of tools have 1 to 128 letters, digits, _, - and ., and are unique"
        ) { p in
            var known: Set<String> = []
            for tool in p.catalog.tools {
                guard let name = tool["name"]?.string else { continue }
                let page = p.catalog.page(of: tool, .tools).first
                let isValid = (1...128).contains(name.utf8.count) && name.utf8.allSatisfy(isNameByte)
                try p.expect(isValid, "the name \"\(name)\"", page)
                try p.expect(known.insert(name).inserted, "two tools with the name \"\(name)\"", page)
            }
        },
        Check(
            "S185",
            "tools-order-stable",
            .should,
            .tools,
            in: .modern,
            needs: "tools",
            rule: "tools/list has the same order each time"
        ) { p in
            let (one, two) = (await p.request("tools/list"), await p.request("tools/list"))
            let (first, second) = (names(one), names(two))
            try p.expect(first == second, "the order \(second) after \(first)", one, two)
        },
        Check(
            "S186",
            "no-network-references",
            .advice,
            .messages,
            in: .modern,
            needs: "tools",
            rule: "Schemas do not refer to URLs"
        ) { p in
            for tool in p.catalog.tools {
                let reference = references(in: tool).first { $0.hasPrefix("http:") || $0.hasPrefix("https:") }
                try p.expect(
                    reference == nil,
                    "tool \(label(tool)): $ref \(reference ?? "")",
                    p.catalog.page(of: tool, .tools).first
                )
            }
        },
        Check(
            "S197",
            "empty-schema-closed",
            .advice,
            .tools,
            in: .since(.v2025_11_25),
            needs: "tools",
            rule: "The schema of a tool without parameters has additionalProperties false"
        ) { p in
            for tool in p.catalog.tools {
                guard let schema = tool["inputSchema"]?.object, schema["properties"]?.object?.isEmpty ?? true,
                    schema.keys.allSatisfy({
                        ["type", "properties", "$schema", "title", "additionalProperties", "required", "description"]
                            .contains($0)
                    })
                else { continue }
                try p.expect(
                    schema["additionalProperties"] == false,
                    "tool \(label(tool)): \(JSONValue.object(schema))",
                    p.catalog.page(of: tool, .tools).first
                )
            }
        },
        Check(
            "S198",
            "tool-annotations",
            .advice,
            .tools,
            in: .since(.v2025_03_26),
            needs: "tools",
            rule: "Annotations have the defined types and do not contradict each other"
        ) { p in
            for tool in p.catalog.tools {
                guard let annotations = tool["annotations"] else { continue }
                let page = p.catalog.page(of: tool, .tools).first
                for hint in ["readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint"] {
                    guard let value = annotations[hint] else { continue }
                    try p.expect(value.bool != nil, "tool \(label(tool)): \(hint) is \(value.typeName)", page)
                }
                let contradicts = annotations["readOnlyHint"] == true && annotations["destructiveHint"] == true
                try p.expect(!contradicts, "tool \(label(tool)): readOnlyHint and destructiveHint are both true", page)
            }
        },
        Check(
            "S202",
            "json-schema-2020-12",
            .must,
            .tools,
            in: .modern,
            needs: "tools",
            rule: "Keywords such as $defs, allOf and if are kept in the listed schemas: each $ref has its target"
        ) { p in
            let using = p.catalog.tools.filter { !references(in: $0["inputSchema"] ?? nil).isEmpty }
            for tool in try p.needAny(using, "a tool whose input schema has a $ref") {
                for reference in references(in: tool["inputSchema"] ?? nil) where reference.hasPrefix("#/") {
                    let target = JSONPointer(String(reference.dropFirst())).flatMap { tool["inputSchema"]?[$0] }
                    try p.expect(
                        target != nil,
                        "tool \(label(tool)): \(reference) has no target",
                        p.catalog.page(of: tool, .tools).first
                    )
                }
            }
        },
        Check(
            "S205",
            "icon-sources",
            .must,
            .messages,
            in: .since(.v2025_11_25),
            rule: "Icons have https or data URLs"
        ) { p in
            let owners = Catalog.Kind.allCases.flatMap { kind in
                p.catalog.items(kind).map { ($0, p.catalog.page(of: $0, kind).first) }
            }
            let withIcons = owners.filter { $0.0["icons"] != nil }
            for (owner, page) in try p.needAny(withIcons, "something with icons") {
                for icon in owner["icons"]?.array ?? [] {
                    let source = icon["src"]?.string ?? ""
                    let isSafe = source.hasPrefix("https://") || source.hasPrefix("data:")
                    try p.expect(isSafe, "\(label(owner)): the icon \"\(shortened(source, to: 80))\"", page)
                }
            }
        },
        Check(
            "S112",
            "sep-2243-x-mcp-header-valid",
            .must,
            .tools,
            in: .modern,
            needs: "tools",
            rule: "Every x-mcp-header of an input schema is valid"
        ) { p in
            for tool in p.catalog.tools {
                let fault = MirroredArguments(inputSchema: tool["inputSchema"]?.object).faults.first
                try p.expect(
                    fault == nil,
                    "tool \(label(tool)): \(fault ?? "")",
                    p.catalog.page(of: tool, .tools).first
                )
            }
        },
        Check(
            "S113",
            "no-secrets-in-headers",
            .should,
            .tools,
            in: .modern,
            needs: "tools",
            rule: "Secret arguments are not repeated in headers"
        ) { p in
            for tool in p.catalog.tools {
                for argument in MirroredArguments(inputSchema: tool["inputSchema"]?.object).arguments {
                    let name = (argument.path.last ?? "").lowercased()
                    let isSecret = secretWords.contains { name.contains($0) }
                    try p.expect(!isSecret, "tool \(label(tool)): `\(name)`", p.catalog.page(of: tool, .tools).first)
                }
            }
        },
    ]

    static let secretWords = [
        "password", "passwd", "secret", "token", "api_key", "apikey", "credential", "ssn", "card",
    ]

    static func label(_ item: JSONValue) -> String {
        "\"\(item["name"]?.string ?? item["uri"]?.string ?? "without name")\""
    }

    private static func names(_ exchange: Exchange) -> [String] {
        (exchange.result?["tools"]?.array ?? []).compactMap { $0["name"]?.string }
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."):
            true
        default: false
        }
    }

    private static func validSchemas(_ p: Probe) throws {
        for tool in p.catalog.tools {
            for name in ["inputSchema", "outputSchema"] {
                guard let schema = tool[name], !schema.isNull else { continue }
                do throws(JSONSchemaError) {
                    _ = try JSONSchema(schema)
                } catch {
                    try p.expect(
                        false,
                        "tool \(label(tool)), \(name): \(error)",
                        p.catalog.page(of: tool, .tools).first
                    )
                }
            }
        }
    }

    /// All `$ref` texts in a value.
    private static func references(in value: JSONValue) -> [String] {
        switch value {
        case .object(let object):
            object.members.flatMap { member -> [String] in
                let own = member.key == "$ref" ? [member.value.string].compactMap(\.self) : []
                return own + references(in: member.value)
            }
        case .array(let values): values.flatMap(references)
        default: []
        }
    }
}
