import JSON
import MCP
import Tester
import TextUtilities

extension Check {
    /// Headers that repeat the version, the method and the name of a request.
    static let requestHeaders: [Check] = [
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
            try await expectMismatch(nil, p)
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
            try await expectMismatch("another-name", p)
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
    ]

    /// Ends the check unless requests with another name in the header are refused.
    private static func expectMismatch(_ name: String?, _ p: Probe) async throws {
        for (method, params) in try p.needAny(namedRequests(p), "a callable tool, a prompt or a resource") {
            let exchange = await p.request(method, params) { $0.setField("Mcp-Name", name) }
            try p.expectError(exchange, -32020, status: 400, method)
        }
    }

    /// Requests whose name is repeated in a header, and that change nothing.
    private static func namedRequests(_ p: Probe) -> [(String, JSONObject)] {
        var requests: [(String, JSONObject)] = []
        if let call = p.callable.first {
            requests.append(("tools/call", Probe.params(call.tool, call.arguments)))
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

    /// Base64 as in a header, although the text might need none.
    static func base64(_ text: String) -> String { "=?base64?\(Base64.encode(Array(text.utf8)))?=" }
}
