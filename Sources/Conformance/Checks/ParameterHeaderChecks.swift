import JSON
import MCP
import MCPTransport

extension Check {
    /// Headers that repeat arguments of a tool.
    static let parameterHeaders: [Check] = [
        Check(
            "S105",
            "sep-2243-server-validate-param-match",
            .must,
            .streamableHTTP,
            in: .modern,
            on: .http,
            needs: "tools",
            rule: "An Mcp-Param header that differs from its argument gets HTTP 400 and error -32020"
        ) { p in
            try await expectMismatch("another value", p)
        },
        Check(
            "S106",
            "sep-2243-server-reject-missing-required",
            .must,
            .streamableHTTP,
            in: .modern,
            on: .http,
            needs: "tools",
            rule: "An argument whose Mcp-Param header is missing gets HTTP 400 and error -32020"
        ) { p in
            try await expectMismatch(nil, p)
        },
        Check(
            "S107",
            "sep-2243-server-not-expect-null",
            .must,
            .streamableHTTP,
            in: .modern,
            on: .http,
            needs: "tools",
            rule: "An omitted argument needs no Mcp-Param header"
        ) { p in
            let call = try mirroredCall(p)
            var params = call.params
            params["arguments"] = [:]
            let exchange = await p.request("tools/call", params, within: p.options.callLimit)
            try p.expect(exchange.errorCode != -32020, exchange.outcome, exchange)
        },
        Check(
            "S108",
            "sep-2243-server-decode-base64-param",
            .must,
            .streamableHTTP,
            in: .modern,
            on: .http,
            needs: "tools",
            rule: "An Mcp-Param header in Base64 is decoded"
        ) { p in
            let call = try mirroredCall(p)
            let exchange = await p.request("tools/call", call.params, within: p.options.callLimit) {
                $0.setField("Mcp-Param-\(call.field)", base64(call.value))
            }
            try p.result(exchange)
        },
        Check(
            "S109",
            "integer-headers-compared-as-numbers",
            .should,
            .streamableHTTP,
            in: .modern,
            on: .http,
            needs: "tools",
            rule: "An integer in an Mcp-Param header is compared as a number: 42.0 is 42"
        ) { p in
            let call = try mirroredCall(p) { $0.number != nil }
            let exchange = await p.request("tools/call", call.params, within: p.options.callLimit) {
                $0.setField("Mcp-Param-\(call.field)", "\(call.value).0")
            }
            try p.result(exchange)
        },
        Check(
            "S110",
            "sep-2243-server-reject-invalid-param-chars",
            .must,
            .streamableHTTP,
            in: .modern,
            on: .http,
            needs: "tools",
            rule: "Invalid Base64 in an Mcp-Param header gets HTTP 400 and error -32020"
        ) { p in
            try await expectMismatch("=?base64?%%%?=", p)
        },
        Check(
            "S111",
            "unknown-param-header-ignored",
            .advice,
            .streamableHTTP,
            in: .modern,
            on: .http,
            needs: "tools",
            rule: "An unknown Mcp-Param header is ignored"
        ) { p in
            let call = try p.anyCallable()
            let exchange = await p.request(
                "tools/call",
                Probe.params(call.tool, call.arguments),
                within: p.options.callLimit
            ) {
                $0.setField("Mcp-Param-Unknown-Zzz", "1")
            }
            try p.expect(exchange.errorCode != -32020, exchange.outcome, exchange)
        },
    ]

    /// Ends the check unless a call whose header has another value is refused.
    private static func expectMismatch(_ value: String?, _ p: Probe) async throws {
        let call = try mirroredCall(p)
        let exchange = await p.request("tools/call", call.params) { $0.setField("Mcp-Param-\(call.field)", value) }
        try p.expectError(exchange, -32020, status: 400)
    }

    /// A call with an argument that is repeated in a header.
    private static func mirroredCall(
        _ p: Probe,
        where isWanted: (JSONValue) -> Bool = { _ in true }
    ) throws -> (params: JSONObject, field: String, value: String) {
        for call in p.callable {
            guard let name = call.tool["name"]?.string else { continue }
            for argument in p.main.mirrored[name] ?? [] {
                guard let value = argument.text(in: call.arguments),
                    argument.path.count > 1 || isWanted(call.arguments[argument.path[0]] ?? nil)
                else { continue }
                return (["name": .string(name), "arguments": .object(call.arguments)], argument.field, value)
            }
        }
        throw Verdict.Stop.notApplicable("a callable tool with an x-mcp-header")
    }
}
