import JSON
import JSONSchema
import MCP

extension Check {
    /// Calls of tools: results and errors.
    static let toolCalls: [Check] = [
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
    ]

    static func violation(of value: JSONValue, _ schema: JSONValue) -> String? {
        do throws(JSONSchemaError) {
            return try JSONSchema(schema).validate(value).errors.first?.description
        } catch {
            // Reported by the check of the schema itself.
            return nil
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
