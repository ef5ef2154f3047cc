import JSON
import MCP

extension Check {
    /// Event streams of requests in the stateless era.
    static let statelessStreams: [Check] = [
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
            for (note, exchange) in p.traffic.notes("notifications/progress") {
                let (token, own) = (
                    note["params"]?["progressToken"], exchange.message["params"]?["_meta"]?["progressToken"]
                )
                try p.expect(token == own, "the token \(token ?? nil)", exchange)
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
                Probe.params(call.tool, call.arguments)
            )
            pending.cancel()
            try p.result(await p.ordinary(), "the next request")
        },
    ]

    static func streamsEnd(_ p: Probe) throws {
        for exchange in p.traffic.exchanges where exchange.http?.isStream ?? false {
            try p.expect(exchange.http?.staysOpen != true, "the stream stays open", exchange)
            guard let index = exchange.responseIndex else { continue }
            let later = exchange.received[(index + 1)...]
            try p.expect(later.isEmpty, "a message after the response: \(later.first?.text ?? "")", exchange)
        }
    }
}
