import JSON
import MCP

extension Check {
    /// Progress and cancellation.
    static let progress: [Check] = [
        Check(
            "S260",
            "tools-call-with-progress",
            .must,
            .progress,
            phase: .passive,
            rule: "Progress comes only for a token of the client, with the same type"
        ) { p in
            _ = await p.calls()
            for (note, exchange) in try progressNotes(p) {
                let token = note["params"]?["progressToken"] ?? nil
                let isKnown = p.traffic.exchanges.contains { other in
                    let sent = other.message["params"]?["_meta"]?["progressToken"]
                    return sent == token && sent?.typeName == token.typeName
                }
                try p.expect(isKnown, "progress for the token \(token)", exchange)
            }
        },
        Check(
            "S261",
            "progress-increases",
            .must,
            .progress,
            phase: .passive,
            rule: "The progress of a request increases with each notification"
        ) { p in
            _ = await p.calls()
            var didSee = false
            for exchange in p.traffic.exchanges {
                var last: [JSONValue: Double] = [:]
                for note in exchange.notifications where note["method"] == "notifications/progress" {
                    guard let token = note["params"]?["progressToken"], let value = note["params"]?["progress"]?.double
                    else { continue }
                    didSee = true
                    if let before = last[token] {
                        try p.expect(value > before, "progress \(value) after \(before)", exchange)
                    }
                    last[token] = value
                }
            }
            if !didSee { throw Verdict.Stop.inconclusive("a callable tool that reports progress") }
        },
        Check(
            "S262",
            "no-progress-after-response",
            .must,
            .progress,
            phase: .passive,
            rule: "No progress comes after the response"
        ) { p in
            _ = await p.calls()
            let tokens = try progressTokens(p)
            var finished: [JSONValue: Exchange] = [:]
            for exchange in p.traffic.exchanges {
                let own = exchange.message["params"]?["_meta"]?["progressToken"]
                let index = exchange.responseIndex ?? exchange.received.count
                for (position, note) in exchange.received.map(\.value).enumerated() {
                    guard let note, note["method"] == "notifications/progress",
                        let token = note["params"]?["progressToken"],
                        tokens.contains(token)
                    else { continue }
                    if token == own {
                        try p.expect(position < index, "progress for \(token) after its response", exchange)
                    } else {
                        try p.expect(
                            finished[token] == nil,
                            "progress for \(token) after its response",
                            finished[token],
                            exchange
                        )
                    }
                }
                if let own, exchange.responseIndex != nil { finished[own] = exchange }
            }
        },
        Check(
            "S263",
            "progress-rate",
            .should,
            .progress,
            phase: .passive,
            rule: "Progress is limited in rate: at most 1000 notifications for a request"
        ) { p in
            _ = await p.calls()
            _ = try progressTokens(p)
            for exchange in p.traffic.exchanges {
                let count = exchange.notifications.count { $0["method"] == "notifications/progress" }
                try p.expect(count <= 1000, "\(count) notifications", exchange)
            }
        },
        Check(
            "S264",
            "server-cancels-only-subscriptions",
            .must,
            .cancellation,
            in: .modern,
            phase: .passive,
            rule: "The server sends notifications/cancelled only for a subscription"
        ) { p in
            for (_, exchange) in p.traffic.notes("notifications/cancelled") {
                try p.expect(exchange.method == "subscriptions/listen", "one for \(exchange.method ?? "")", exchange)
            }
        },
    ]

    private static func progressNotes(_ p: Probe) throws -> [(note: JSONValue, exchange: Exchange)] {
        try p.needAny(p.traffic.notes("notifications/progress"), "a callable tool that reports progress")
    }

    private static func progressTokens(_ p: Probe) throws -> Set<JSONValue> {
        Set(try progressNotes(p).compactMap { $0.note["params"]?["progressToken"] })
    }
}
