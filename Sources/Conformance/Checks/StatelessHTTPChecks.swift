import JSON
import MCP
import MCPHTTP
import MCPTransport

extension Check {
    /// Streamable HTTP in the stateless era.
    static let statelessHTTP: [Check] = [
        Check(
            "S080",
            "http-content-type",
            .must,
            .streamableHTTP,
            in: .modern,
            on: .http,
            phase: .passive,
            rule: "Responses are JSON or an event stream"
        ) { p in try jsonOrStream(p) },
        Check(
            "S081",
            "dns-rebinding-protection",
            .must,
            .streamableHTTP,
            in: .since(.v2025_11_25),
            on: .http,
            rule: "A foreign Origin gets HTTP 403"
        ) { p in
            let exchange = await p.ordinary { $0.setField("Origin", "http://evil.example") }
            try p.expect(exchange.status == 403, "received \(exchange.outcome)", exchange)
        },
        Check(
            "S081e",
            "origin-validated",
            .must,
            .transports,
            in: .from(.v2025_03_26, through: .v2025_06_18),
            on: .http,
            rule: "A foreign Origin is refused"
        ) { p in
            let exchange = await p.ordinary { $0.setField("Origin", "http://evil.example") }
            try p.expect((400..<500).contains(exchange.status ?? 0), "received \(exchange.outcome)", exchange)
        },
        Check(
            "S082",
            "own-origin-accepted",
            .must,
            .streamableHTTP,
            in: .since(.v2025_03_26),
            on: .http,
            rule: "The server's own Origin, and none, are accepted"
        ) { p in
            try p.result(await p.ordinary(), "without an Origin")
            guard let url = p.server.url, isLoopback(url) else {
                throw Verdict.Stop.inconclusive("a server on the loopback interface")
            }
            let origin = url.split(separator: "/").prefix(2).joined(separator: "//")
            try p.result(await p.ordinary { $0.setField("Origin", origin) }, "with the Origin \(origin)")
        },
        Check(
            "S083",
            "localhost-host-rebinding-rejected",
            .advice,
            .streamableHTTP,
            in: .since(.v2025_03_26),
            on: .http,
            rule: "A local server refuses a foreign Host"
        ) { p in
            guard let url = p.server.url, isLoopback(url) else {
                throw Verdict.Stop.notApplicable("a server on the loopback interface")
            }
            let exchange = await p.ordinary { $0.setField("Host", "evil.example") }
            try p.expect((400..<500).contains(exchange.status ?? 0), "received \(exchange.outcome)", exchange)
        },
        Check(
            "S085",
            "get-and-delete-not-allowed",
            .should,
            .streamableHTTP,
            in: .modern,
            on: .http,
            rule: "GET and DELETE get HTTP 405 from a stateless server"
        ) { p in
            if try await p.speaksLegacy() { throw Verdict.Stop.notApplicable("a server without the legacy era") }
            for method in ["GET", "DELETE"] {
                let exchange = await p.request("ping") { $0.httpMethod = method }
                try p.expect(exchange.status == 405, "\(method): \(exchange.outcome)", exchange)
            }
        },
        Check(
            "S086",
            "no-session-id",
            .should,
            .streamableHTTP,
            in: .modern,
            on: .http,
            rule: "A session ID is ignored, and none is issued"
        ) { p in
            let exchange = await p.ordinary { $0.setField("Mcp-Session-Id", "x") }
            try p.result(exchange)
            try p.expect(exchange.http?.field("Mcp-Session-Id") == nil, "a session ID", exchange)
        },
        Check(
            "S087",
            "last-event-id-ignored",
            .should,
            .streamableHTTP,
            in: .modern,
            on: .http,
            rule: "Last-Event-ID is ignored"
        ) { p in
            try p.result(await p.ordinary { $0.setField("Last-Event-ID", "7") })
        },
        Check(
            "S088",
            "notification-status",
            .must,
            .streamableHTTP,
            in: .modern,
            on: .http,
            rule: "A notification gets HTTP 202 without a body, or 4xx"
        ) { p in
            let exchange = await p.main.notify("notifications/cancelled", ["requestId": "unknown-8"])
            let isFine =
                exchange.status == 202 && exchange.http?.body.isEmpty == true
                || (400..<500).contains(exchange.status ?? 0)
            try p.expect(isFine, "HTTP \(exchange.status ?? 0) with \(exchange.http?.body.count ?? 0) bytes", exchange)
        },
        Check(
            "S089",
            "responses-and-arrays-refused",
            .advice,
            .streamableHTTP,
            in: .modern,
            on: .http,
            rule: "A response and an array get HTTP 4xx"
        ) { p in
            for text in [
                #"{"jsonrpc":"2.0","id":1,"result":{}}"#, #"[{"jsonrpc":"2.0","id":1,"method":"tools/list"}]"#,
            ] {
                let exchange = await p.main.provoke(text)
                try p.expect((400..<500).contains(exchange.status ?? 0), "\(text): \(exchange.outcome)", exchange)
            }
        },
        Check(
            "S090",
            "version-header-required",
            .must,
            .streamableHTTP,
            in: .modern,
            on: .http,
            rule: "A request without MCP-Protocol-Version gets HTTP 400 and error -32020"
        ) { p in
            // A server of both eras may take it for a request of the legacy one.
            if try await p.speaksLegacy() { throw Verdict.Stop.notApplicable("a server without the legacy era") }
            try p.expectError(await p.ordinary { $0.setField("MCP-Protocol-Version", nil) }, -32020, status: 400)
        },
        Check(
            "S091",
            "sep-2575-http-server-header-mismatch-400",
            .must,
            .streamableHTTP,
            in: .modern,
            on: .http,
            rule: "A version header that differs from _meta gets HTTP 400 and error -32020"
        ) { p in
            let exchange = await p.ordinary { $0.setField("MCP-Protocol-Version", Revision.latestLegacy.wireName) }
            // The legacy side of a server of both eras may refuse it with an error of its own.
            guard try await p.speaksLegacy() else { return try p.expectError(exchange, -32020, status: 400) }
            try p.expect(exchange.status == 400, exchange.outcome, exchange)
        },
        Check(
            "S092",
            "sep-2575-http-server-unsupported-version-400",
            .must,
            .streamableHTTP,
            in: .modern,
            on: .http,
            rule: "An unsupported version gets HTTP 400"
        ) { p in
            let exchange = await p.ordinary { setVersion("1900-01-01", in: &$0) }
            try p.expect(exchange.status == 400, exchange.outcome, exchange)
        },
        Check(
            "S093",
            "sep-2575-http-server-meta-invalid-400",
            .must,
            .streamableHTTP,
            in: .modern,
            on: .http,
            rule: "A request without a required key of _meta gets HTTP 400"
        ) { p in
            let exchange = await p.ordinary { $0.setMeta(MetaKey.clientCapabilities.rawValue, nil) }
            try p.expect(exchange.status == 400, exchange.outcome, exchange)
        },
        Check(
            "S094",
            "sep-2575-http-server-method-not-found-404",
            .must,
            .streamableHTTP,
            in: .modern,
            on: .http,
            rule: "An unknown method gets HTTP 404 with error -32601 and the ID of the request"
        ) { p in
            let exchange = await p.request("no/such/method", id: "unknown-94")
            try p.expectError(exchange, -32601, status: 404)
            try p.expect(
                exchange.response?["id"] == "unknown-94",
                "the ID \(exchange.response?["id"] ?? nil)",
                exchange
            )
        },
        Check(
            "S095",
            "sep-2243-server-reject-invalid-headers",
            .must,
            .streamableHTTP,
            in: .modern,
            on: .http,
            rule: "A request without Mcp-Method gets HTTP 400 and error -32020"
        ) { p in
            try p.expectError(await p.ordinary { $0.setField("Mcp-Method", nil) }, -32020, status: 400)
        },
        Check(
            "S096",
            "method-header-mismatch",
            .must,
            .streamableHTTP,
            in: .modern,
            on: .http,
            rule: "An Mcp-Method that differs from the body gets HTTP 400 and error -32020"
        ) { p in
            try p.expectError(await p.ordinary { $0.setField("Mcp-Method", "prompts/get") }, -32020, status: 400)
        },
        Check(
            "S097",
            "method-header-case",
            .must,
            .streamableHTTP,
            in: .modern,
            on: .http,
            rule: "The value of Mcp-Method is case-sensitive"
        ) { p in
            let exchange = await p.ordinary { $0.setField("Mcp-Method", p.ordinaryMethod.uppercased()) }
            try p.expectError(exchange, -32020, status: 400)
        },
        Check(
            "S098",
            "sep-2243-header-name-case-insensitive",
            .must,
            .streamableHTTP,
            in: .modern,
            on: .http,
            rule: "Names of headers are case-insensitive"
        ) { p in
            for transform: (String) -> String in [{ $0.lowercased() }, { $0.uppercased() }] {
                let exchange = await p.ordinary { draft in
                    draft.fields = draft.fields.map { (transform($0.name), $0.value) }
                }
                try p.result(exchange)
            }
        },
        Check(
            "S099",
            "name-header-required",
            .must,
            .streamableHTTP,
            in: .modern,
            on: .http,
            rule: "tools/call, prompts/get and resources/read without Mcp-Name get HTTP 400 and error -32020"
        ) { p in
            for (method, params) in try p.needAny(namedRequests(p), "a callable tool, a prompt or a resource") {
                try p.expectError(
                    await p.request(method, params) { $0.setField("Mcp-Name", nil) },
                    -32020,
                    status: 400,
                    method
                )
            }
        },
        Check(
            "S100",
            "name-header-mismatch",
            .must,
            .streamableHTTP,
            in: .modern,
            on: .http,
            rule: "An Mcp-Name that differs from the body gets HTTP 400 and error -32020"
        ) { p in
            for (method, params) in try p.needAny(namedRequests(p), "a callable tool, a prompt or a resource") {
                try p.expectError(
                    await p.request(method, params) { $0.setField("Mcp-Name", "another-name") },
                    -32020,
                    status: 400,
                    method
                )
            }
        },
        Check(
            "S101",
            "sep-2243-server-decode-base64",
            .must,
            .streamableHTTP,
            in: .modern,
            on: .http,
            rule: "An Mcp-Name in Base64 is accepted"
        ) { p in
            for (method, params) in try p.needAny(namedRequests(p), "a callable tool, a prompt or a resource") {
                let name = params["name"]?.string ?? params["uri"]?.string ?? ""
                let exchange = await p.request(method, params, within: p.options.callLimit) {
                    $0.setField("Mcp-Name", base64(name))
                }
                try p.expect(exchange.errorCode != -32020, "\(method): \(exchange.outcome)", exchange)
            }
        },
        Check(
            "S102",
            "invalid-base64-in-header",
            .must,
            .streamableHTTP,
            in: .modern,
            on: .http,
            rule: "Invalid Base64 in Mcp-Name gets HTTP 400 and error -32020"
        ) { p in
            let (method, params) = try p.need(namedRequests(p).first, "a callable tool, a prompt or a resource")
            try p.expectError(
                await p.request(method, params) { $0.setField("Mcp-Name", "=?base64?%%%?=") },
                -32020,
                status: 400
            )
        },
        Check(
            "S103",
            "sep-2243-server-accepts-whitespace-header-value",
            .advice,
            .streamableHTTP,
            in: .modern,
            on: .http,
            rule: "White space around a header value is ignored"
        ) { p in
            let exchange = await p.ordinary { $0.setField("Mcp-Method", "  \(p.ordinaryMethod)  ") }
            try p.result(exchange)
        },
        Check(
            "S104",
            "name-header-only-where-defined",
            .must,
            .streamableHTTP,
            in: .modern,
            on: .http,
            rule: "Other methods need no Mcp-Name"
        ) { p in
            try p.result(await p.request("server/discover") { $0.setField("Mcp-Name", nil) })
        },
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
            let call = try mirroredCall(p)
            let exchange = await p.request("tools/call", call.params) {
                $0.setField("Mcp-Param-\(call.field)", "another value")
            }
            try p.expectError(exchange, -32020, status: 400)
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
            let call = try mirroredCall(p)
            let exchange = await p.request("tools/call", call.params) { $0.setField("Mcp-Param-\(call.field)", nil) }
            try p.expectError(exchange, -32020, status: 400)
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
            let call = try mirroredCall(p)
            let exchange = await p.request("tools/call", call.params) {
                $0.setField("Mcp-Param-\(call.field)", "=?base64?%%%?=")
            }
            try p.expectError(exchange, -32020, status: 400)
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
                ["name": call.tool["name"] ?? "", "arguments": .object(call.arguments)],
                within: p.options.callLimit
            ) {
                $0.setField("Mcp-Param-Unknown-Zzz", "1")
            }
            try p.expect(exchange.errorCode != -32020, exchange.outcome, exchange)
        },
        Check(
            "S114",
            "stream-without-requests",
            .must,
            .streamableHTTP,
            in: .modern,
            on: .http,
            phase: .passive,
            rule: "The stream of a request has notifications and its response only"
        ) { p in
            _ = await p.calls()
            for exchange in p.traffic.exchanges where exchange.http?.isStream ?? false {
                let request = exchange.requests.first
                try p.expect(request == nil, "a request: \(request?["method"] ?? nil)", exchange)
            }
        },
        Check(
            "S115",
            "stream-notifications-belong-to-request",
            .must,
            .streamableHTTP,
            in: .modern,
            on: .http,
            phase: .passive,
            rule: "Progress on the stream of a request has the token of that request"
        ) { p in
            _ = await p.calls()
            for exchange in p.traffic.exchanges {
                for note in exchange.notifications where note["method"] == "notifications/progress" {
                    let own = exchange.message["params"]?["_meta"]?["progressToken"]
                    try p.expect(
                        note["params"]?["progressToken"] == own,
                        "the token \(note["params"]?["progressToken"] ?? nil)",
                        exchange
                    )
                }
            }
        },
        Check(
            "S116",
            "stream-ends-after-response",
            .should,
            .streamableHTTP,
            in: .modern,
            on: .http,
            phase: .passive,
            rule: "The stream ends after the response"
        ) { p in
            _ = await p.calls()
            try streamsEnd(p)
        },
        Check(
            "S117",
            "no-proxy-buffering",
            .should,
            .streamableHTTP,
            in: .modern,
            on: .http,
            phase: .passive,
            rule: "Event streams have the header X-Accel-Buffering: no"
        ) { p in
            _ = await p.calls()
            let streams = p.traffic.exchanges.filter { $0.http?.isStream ?? false }
            for exchange in try p.needAny(streams, "a response as an event stream") {
                try p.expect(
                    exchange.http?.field("X-Accel-Buffering")?.lowercased() == "no",
                    "X-Accel-Buffering: \(exchange.http?.field("X-Accel-Buffering") ?? "missing")",
                    exchange
                )
            }
        },
        Check(
            "S118",
            "closed-stream-cancels",
            .must,
            .cancellation,
            in: .modern,
            on: .http,
            needs: "tools",
            rule: "A client may close the stream of a call, and the server serves the next request"
        ) { p in
            let call = try p.anyCallable()
            let pending = p.main.begin(
                "tools/call",
                ["name": call.tool["name"] ?? "", "arguments": .object(call.arguments)]
            )
            pending.cancel()
            try p.result(await p.ordinary(), "the next request")
        },
        Check(
            "S120",
            "parallel-connections",
            .advice,
            .streamableHTTP,
            in: .since(.v2025_03_26),
            on: .http,
            rule: "Two requests at once are both served"
        ) { p in
            let (one, two) = (
                p.main.begin(p.ordinaryMethod, id: "parallel-1"), p.main.begin(p.ordinaryMethod, id: "parallel-2")
            )
            for pending in [one, two] { try p.result(await p.main.finish(pending)) }
        },
        Check(
            "S121",
            "oversized-headers",
            .advice,
            .streamableHTTP,
            in: .since(.v2025_03_26),
            on: .http,
            rule: "A header of 100 kB gets HTTP 4xx or is ignored; the server stays usable"
        ) { p in
            let exchange = await p.ordinary { $0.setField("X-Large", String(repeating: "a", count: 100_000)) }
            let isFine = (400..<500).contains(exchange.status ?? 0) || exchange.result != nil || exchange.status == nil
            try p.expect(isFine, exchange.outcome, exchange)
            try p.result(await p.ordinary(), "the next request")
        },
    ]

    static func jsonOrStream(_ p: Probe) throws {
        for exchange in p.traffic.exchanges where exchange.response != nil && exchange.http?.status == 200 {
            let type = exchange.http?.mediaType
            try p.expect(
                ["application/json", "text/event-stream"].contains(type),
                "Content-Type \(type ?? "missing")",
                exchange
            )
        }
    }

    static func streamsEnd(_ p: Probe) throws {
        for exchange in p.traffic.exchanges where exchange.http?.isStream ?? false {
            try p.expect(exchange.http?.staysOpen != true, "the stream stays open", exchange)
            guard let index = exchange.responseIndex else { continue }
            let later = exchange.received[(index + 1)...]
            try p.expect(later.isEmpty, "a message after the response: \(later.first?.text ?? "")", exchange)
        }
    }

    static func isLoopback(_ url: String) -> Bool {
        ["//localhost", "//127.0.0.1", "//[::1]"].contains { url.contains($0) }
    }

    static func base64(_ text: String) -> String {
        // Forced, although the text might need none.
        FieldText.encode(" \(text)") == text ? text : "=?base64?\(encoded(text))?="
    }

    private static func encoded(_ text: String) -> String {
        Base64Text.encode(text)
    }

    /// Requests whose name is repeated in a header, and that change nothing.
    private static func namedRequests(_ p: Probe) -> [(String, JSONObject)] {
        var requests: [(String, JSONObject)] = []
        if let call = p.callable.first {
            requests.append(("tools/call", ["name": call.tool["name"] ?? "", "arguments": .object(call.arguments)]))
        }
        if let prompt = p.catalog.prompts.first {
            requests.append(
                (
                    "prompts/get",
                    ["name": prompt["name"] ?? "", "arguments": .object(p.options.samples.arguments(ofPrompt: prompt))]
                )
            )
        }
        if let resource = p.catalog.resources.first {
            requests.append(("resources/read", ["uri": resource["uri"] ?? ""]))
        }
        return requests
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
