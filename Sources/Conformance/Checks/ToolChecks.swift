import JSON
import JSONSchema
import MCP
import MCPTransport

extension Check {
    /// Tools: their definitions, their results and their errors.
    static let tools: [Check] = [
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
            "S187",
            "unknown-tool",
            .should,
            .tools,
            needs: "tools",
            rule: "A call of an unknown tool gets error -32602"
        ) { p in
            try p.expectError(await p.request("tools/call", ["name": "no_such_tool_7", "arguments": [:]]), -32602)
        },
        Check(
            "S188",
            "malformed-call",
            .must,
            .tools,
            needs: "tools",
            rule: "tools/call without a name, or with arguments that are not an object, gets error -32602"
        ) { p in
            try p.expectError(
                await p.request("tools/call", ["arguments": [:]]) {
                    if !$0.fields.isEmpty { $0.setField("Mcp-Name", nil) }
                },
                among: [-32602, -32020],
                "without a name"
            )
            let call = try p.anyCallable()
            let exchange = await p.request("tools/call", ["name": call.tool["name"] ?? "", "arguments": [1]])
            try p.expectError(exchange, -32602, "with an array as arguments")
        },
        Check(
            "S189",
            "invalid-arguments-in-result",
            .should,
            .tools,
            in: .since(.v2025_11_25),
            needs: "tools",
            rule: "Arguments that break the input schema get a result with isError, so that a model can correct them"
        ) { p in
            let (call, exchange) = try await invalidCall(p)
            if exchange.errorCode == -32602 { return }
            try p.expect(exchange.result?["isError"] == true, "tool \(label(call)): \(exchange.outcome)", exchange)
        },
        Check(
            "S190",
            "tools-call-error",
            .should,
            .tools,
            needs: "tools",
            rule: "A tool that fails has a result with isError and content, not a protocol error"
        ) { p in
            let calls = await p.calls()
            for call in try p.needAny(calls, Probe.callableNeed) {
                let exchange = call.last
                guard let code = exchange.errorCode else {
                    let isEmpty =
                        exchange.result?["isError"] == true && exchange.result?["content"]?.array?.isEmpty ?? true
                    try p.expect(!isEmpty, "tool \(call.name): isError without content", exchange)
                    continue
                }
                try p.expect(
                    [-32602, -32601, -32600, -32021, -32042].contains(code),
                    "tool \(call.name): \(exchange.outcome)",
                    exchange
                )
            }
        },
        Check(
            "S191",
            "tools-call-content",
            .must,
            .tools,
            needs: "tools",
            rule: "The content of a result is an array of valid blocks"
        ) { p in
            let results = await p.calls().filter {
                $0.last.result != nil && $0.last.result?["resultType"] != "input_required"
            }
            for call in try p.needAny(results, Probe.callableNeed) {
                guard call.last.result?["task"] == nil, call.last.result?["resultType"] != "task" else { continue }
                let content = call.last.result?["content"]?.array
                try p.expect(content != nil, "tool \(call.name): no array `content`", call.last)
                for block in content ?? [] {
                    let problem =
                        block.object.map { ContentBlock(json: $0).problems(in: p.revision).first?.description }
                        ?? "a block that is not an object"
                    try p.expect(problem == nil, "tool \(call.name): \(problem ?? "")", call.last)
                }
            }
        },
        Check(
            "S192",
            "structured-content-valid",
            .must,
            .tools,
            in: .since(.v2025_06_18),
            needs: "tools",
            rule: "A tool with an output schema returns structured content that matches it"
        ) { p in
            let calls = await p.calls().filter { $0.tool["outputSchema"]?.object != nil && $0.last.isSuccess }
            for call in try p.needAny(calls, "a callable tool with an output schema") {
                let content = call.last.result?["structuredContent"]
                try p.expect(content != nil, "tool \(call.name): no structuredContent", call.last)
                let violation = violation(of: content ?? nil, call.tool["outputSchema"] ?? nil)
                try p.expect(violation == nil, "tool \(call.name): \(violation ?? "")", call.last)
            }
        },
        Check(
            "S193",
            "structured-content-as-text",
            .should,
            .tools,
            in: .since(.v2025_06_18),
            needs: "tools",
            rule: "Structured content is also in a text block"
        ) { p in
            let calls = await p.calls().filter { $0.last.isSuccess && $0.last.result?["structuredContent"] != nil }
            for call in try p.needAny(calls, "a callable tool with structured content") {
                let hasText = call.last.result?["content"]?.array?.contains { $0["type"] == "text" } ?? false
                try p.expect(hasText, "tool \(call.name): no text block", call.last)
            }
        },
        Check(
            "S194",
            "structured-content-object",
            .must,
            .tools,
            in: .from(.v2025_06_18, through: .v2025_11_25),
            needs: "tools",
            rule: "Structured content is an object"
        ) { p in
            let calls = await p.calls().filter { $0.last.result?["structuredContent"] != nil }
            for call in try p.needAny(calls, "a callable tool with structured content") {
                let content = call.last.result?["structuredContent"]
                try p.expect(content?.object != nil, "tool \(call.name): \(content?.typeName ?? "")", call.last)
            }
        },
        Check(
            "S195",
            "plain-structured-content-has-text",
            .must,
            .tools,
            in: .modern,
            needs: "tools",
            rule: "Structured content that is not an object comes with a text block"
        ) { p in
            let calls = await p.calls().filter {
                ($0.last.result?["structuredContent"]).map { $0.object == nil } ?? false
            }
            for call in try p.needAny(calls, "a callable tool whose structured content is not an object") {
                let hasText = call.last.result?["content"]?.array?.contains { $0["type"] == "text" } ?? false
                try p.expect(hasText, "tool \(call.name): no text block", call.last)
            }
        },
        Check(
            "S196",
            "arguments-optional",
            .advice,
            .tools,
            needs: "tools",
            rule: "A tool without required arguments can be called without `arguments`"
        ) { p in
            let free = p.callable.filter { $0.tool["inputSchema"]?["required"]?.array?.isEmpty ?? true }
            let call = try p.need(free.first, "a callable tool without required arguments")
            let exchange = await p.request("tools/call", ["name": call.tool["name"] ?? ""], within: p.options.callLimit)
            try p.expect(exchange.errorCode != -32602, "tool \(label(call.tool)): \(exchange.outcome)", exchange)
            try p.expect(exchange.response != nil, "tool \(label(call.tool)): \(exchange.outcome)", exchange)
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
            "S199",
            "tools-list-changed-announced",
            .should,
            .tools,
            in: .legacy,
            needs: "tools.listChanged",
            rule: "A changed list of tools is announced"
        ) { p in
            try await changeIsAnnounced(.tools, "notifications/tools/list_changed", p)
        },
        Check(
            "S200",
            "sep-2575-server-sends-tools-list-changed-on-subscription",
            .should,
            .subscriptions,
            in: .modern,
            needs: "tools.listChanged",
            rule: "A changed list of tools is announced to subscribers"
        ) { p in
            try await changeIsAnnounced(.tools, "notifications/tools/list_changed", p)
        },
        Check(
            "S201",
            "embedded-resources-capability",
            .should,
            .tools,
            in: .since(.v2025_06_18),
            needs: "tools",
            rule: "A server whose tools return embedded resources declares the capability resources"
        ) { p in
            let calls = await p.calls().filter { call in
                call.last.result?["content"]?.array?.contains { $0["type"] == "resource" } ?? false
            }
            let call = try p.need(calls.first, "a callable tool that returns an embedded resource")
            try p.expect(p.capabilities["resources"] != nil, "tool \(call.name) returns one without it", call.last)
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
            "S203",
            "task-support-respected",
            .must,
            .tasks,
            in: .only(.v2025_11_25),
            needs: "tools",
            rule: "A tool that requires a task refuses calls without one with error -32601"
        ) { p in
            let required = p.catalog.tools.filter { $0["execution"]?["taskSupport"] == "required" }
            for tool in try p.needAny(required, "a tool that requires a task") {
                let exchange = await p.request("tools/call", ["name": tool["name"] ?? "", "arguments": [:]])
                try p.expectError(exchange, -32601, "tool \(label(tool))")
            }
        },
        Check(
            "S204",
            "hostile-arguments",
            .must,
            .tools,
            needs: "tools",
            rule: "Wrong types, long texts and paths as arguments do not crash a tool, and show no stack trace"
        ) { p in
            let call = try p.need(
                p.callable.first { $0.tool["inputSchema"]?["properties"]?.object?.isEmpty == false },
                "a callable tool with arguments"
            )
            let hostile: [JSONValue] = [
                nil, -1, [[]], ["a": ["b": []]], "../../../../etc/passwd", "'; DROP TABLE users; --",
                .string(String(repeating: "A", count: 100_000)),
            ]
            for value in hostile {
                var arguments: JSONObject = [:]
                for name in call.tool["inputSchema"]?["properties"]?.object?.keys ?? [] { arguments[name] = value }
                let exchange = await p.request(
                    "tools/call",
                    ["name": call.tool["name"] ?? "", "arguments": .object(arguments)],
                    within: p.options.callLimit
                )
                try p.expect(
                    exchange.response != nil || exchange.status != nil,
                    "tool \(label(call.tool)): \(exchange.outcome)",
                    exchange
                )
                let text = (exchange.response ?? nil).description
                let trace = [
                    "Traceback (most recent call last)", "goroutine 1 [", "panicked at ", "at Object.<anonymous>",
                ].first { text.contains($0) }
                try p.expect(trace == nil, "tool \(label(call.tool)): a stack trace", exchange)
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

    /// Whether a list that differs after calls was announced, to a subscriber in the stateless era.
    static func changeIsAnnounced(_ kind: Catalog.Kind, _ notification: JSONValue, _ p: Probe) async throws {
        let key = "\(kind.rawValue)ListChanged"
        let session = try await p.open()
        let pending =
            p.isModern
            ? session.begin("subscriptions/listen", ["notifications": .object([key: true])], id: "changes") : nil
        _ = await pending?.next(within: p.options.limit) { $0["method"] != nil || $0["error"] != nil }
        let before = await session.request(kind.method)
        let calls = await p.quickCallable()
        for call in calls { _ = await p.call(call.tool, call.arguments, in: session) }
        let after = await session.request(kind.method)
        var announced = session.wire.strays.compactMap(\.value).contains { $0["method"] == notification }
        if let pending {
            let delivered = await pending.next(within: .zero) { _ in false }
            if delivered.notifications.contains(where: { $0["method"] == notification }) { announced = true }
        }
        pending?.cancel()
        await p.close(session)
        guard before.result?[kind.rawValue] != after.result?[kind.rawValue] else {
            throw Verdict.Stop.inconclusive("a callable tool that changes the list")
        }
        try p.expect(announced, "no \(notification)", before, after)
    }

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

    static func violation(of value: JSONValue, _ schema: JSONValue) -> String? {
        do throws(JSONSchemaError) {
            return try JSONSchema(schema).validate(value).errors.first?.description
        } catch {
            // Reported by the check of the schema itself.
            return nil
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

    /// A call with an argument of the wrong type.
    private static func invalidCall(_ p: Probe) async throws -> (JSONValue, Exchange) {
        for call in p.callable {
            for property in call.tool["inputSchema"]?["properties"]?.object?.members ?? [] {
                guard let type = property.value["type"]?.string else { continue }
                var arguments = call.arguments
                // Some libraries convert texts and numbers, but no one converts an object.
                arguments[property.key] = type == "object" ? "wrong" : ["wrong": ["type": true]]
                let schema = call.tool["inputSchema"] ?? nil
                guard violation(of: .object(arguments), schema) != nil else { continue }
                return (call.tool, await p.call(call.tool, arguments, in: p.main))
            }
        }
        throw Verdict.Stop.inconclusive("a callable tool with a typed argument")
    }
}

extension Exchange {
    /// Whether it has a complete result of a tool that did not fail.
    var isSuccess: Bool {
        guard let result else { return false }
        return result["isError"] != true && result["resultType"] != "input_required" && result["task"] == nil
            && result["resultType"] != "task"
    }
}
