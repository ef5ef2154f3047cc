import JSON
import MCP

extension Check {
    /// Streamable HTTP in the legacy era: requests and sessions.
    static let legacyRequests: [Check] = [
        Check(
            "S130",
            "http-response-form",
            .must,
            .transports,
            in: legacyStreamable,
            on: .http,
            phase: .passive,
            rule: "A request gets JSON or an event stream with its response"
        ) { p in try jsonOrStream(p) },
        Check(
            "S131",
            "http-notification-accepted",
            .must,
            .transports,
            in: legacyStreamable,
            on: .http,
            rule: "An accepted notification gets HTTP 202 without a body"
        ) { p in
            let exchange = await p.main.notify("notifications/cancelled", ["requestId": "unknown-131"])
            try p.expect(exchange.status == 202, "HTTP \(exchange.status ?? 0)", exchange)
            try p.expect(
                exchange.http?.body.isEmpty == true,
                "a body of \(exchange.http?.body.count ?? 0) bytes",
                exchange
            )
        },
        Check(
            "S133",
            "server-session-id-visible-ascii",
            .must,
            .transports,
            in: legacyStreamable,
            on: .http,
            rule: "A session ID has only visible ASCII characters"
        ) { p in
            let id = try p.require(p.main.httpSession, "a session ID")
            try p.expect(
                !id.isEmpty && id.utf8.allSatisfy { (0x21...0x7E).contains($0) },
                "the ID \"\(id)\"",
                p.main.greeting
            )
        },
        Check(
            "S134",
            "session-ids-unique",
            .should,
            .transports,
            in: legacyStreamable,
            on: .http,
            rule: "Session IDs are unique and not guessable"
        ) { p in
            _ = try p.require(p.main.httpSession, "a session ID")
            var ids: Set<String> = []
            for _ in 0..<8 {
                let session = try await p.open()
                let id = session.httpSession ?? ""
                let isNew = ids.insert(id).inserted
                await endHTTPSession(session)
                await p.close(session)
                try p.expect(isNew, "the ID \(id) twice", session.greeting)
                try p.expect(id.utf8.count >= 16, "an ID of \(id.utf8.count) characters", session.greeting)
            }
        },
        Check(
            "S135",
            "session-id-required",
            .should,
            .transports,
            in: legacyStreamable,
            on: .http,
            rule: "A request without the session ID gets HTTP 400"
        ) { p in
            _ = try p.require(p.main.httpSession, "a session ID")
            let exchange = await p.ordinary { $0.setField("Mcp-Session-Id", nil) }
            try p.expect(exchange.status == 400, "received \(exchange.outcome)", exchange)
        },
        Check(
            "S136",
            "server-session-terminated-returns-404",
            .must,
            .transports,
            in: legacyStreamable,
            on: .http,
            rule: "An unknown session gets HTTP 404"
        ) { p in
            _ = try p.require(p.main.httpSession, "a session ID")
            let exchange = await p.ordinary { $0.setField("Mcp-Session-Id", "00000000-0000-4000-8000-000000000000") }
            try p.expect(exchange.status == 404, "received \(exchange.outcome)", exchange)
        },
        Check(
            "S137",
            "server-session-delete-accepted",
            .advice,
            .transports,
            in: legacyStreamable,
            on: .http,
            rule: "DELETE ends the session, after which it gets HTTP 404, or gets 405"
        ) { p in
            _ = try p.require(p.main.httpSession, "a session ID")
            let session = try await p.open()
            let exchange = await endHTTPSession(session)
            let after = await p.ordinary(session)
            await p.close(session)
            if exchange.status == 405 { return }
            try p.expect((200..<300).contains(exchange.status ?? 0), "DELETE: HTTP \(exchange.status ?? 0)", exchange)
            try p.expect(after.status == 404, "the ended session: \(after.outcome)", after)
        },
        Check(
            "S138",
            "version-header-validated",
            .must,
            .transports,
            in: .from(.v2025_06_18, through: .v2025_11_25),
            on: .http,
            rule: "An unknown MCP-Protocol-Version gets HTTP 400"
        ) { p in
            let exchange = await p.ordinary { $0.setField("MCP-Protocol-Version", "1999-01-01") }
            try p.expect(exchange.status == 400, "received \(exchange.outcome)", exchange)
        },
        Check(
            "S139",
            "version-header-optional",
            .should,
            .transports,
            in: .from(.v2025_06_18, through: .v2025_11_25),
            on: .http,
            rule: "A request without MCP-Protocol-Version is served"
        ) { p in
            try p.result(await p.ordinary { $0.setField("MCP-Protocol-Version", nil) })
        },
        Check(
            "S150",
            "http-batch-accepted",
            .must,
            .transports,
            in: .only(.v2025_03_26),
            on: .http,
            rule: "A batch of notifications gets HTTP 202"
        ) { p in
            let batch: JSONValue = [
                ["jsonrpc": "2.0", "method": "notifications/cancelled", "params": ["requestId": "unknown-150"]],
                ["jsonrpc": "2.0", "method": "notifications/cancelled", "params": ["requestId": "unknown-151"]],
            ]
            let exchange = await p.main.provoke(batch.description)
            try p.expect(exchange.status == 202, "received \(exchange.outcome)", exchange)
        },
        Check(
            "S151",
            "http-sse-responses",
            .must,
            .transports,
            in: .only(.v2024_11_05),
            on: .sse,
            rule: "The event stream names the endpoint, and responses come on it"
        ) { p in
            // A wire opens only after the server has named its endpoint.
            try p.result(await p.ordinary())
        },
    ]

    static let legacyStreamable = Revisions.from(.v2025_03_26, through: .v2025_11_25)

    @discardableResult
    private static func endHTTPSession(_ session: Session) async -> Exchange {
        await session.request("ping", within: .seconds(2)) {
            $0.httpMethod = "DELETE"
            $0.setField("Content-Type", nil)
        }
    }
}
