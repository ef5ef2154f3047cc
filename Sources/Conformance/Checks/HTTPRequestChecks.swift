import JSON
import MCP

extension Check {
    /// Requests over Streamable HTTP in the stateless era: origins, methods, and what is left of sessions.
    static let statelessRequests: [Check] = [
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

    static func isLoopback(_ url: String) -> Bool {
        ["//localhost", "//127.0.0.1", "//[::1]"].contains { url.contains($0) }
    }
}
