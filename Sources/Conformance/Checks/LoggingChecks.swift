import JSON
import MCP

extension Check {
    /// Logging.
    static let logging: [Check] = [
        Check(
            "S270",
            "logging-capability",
            .must,
            .logging,
            phase: .passive,
            rule: "A server that sends log messages declares the capability logging"
        ) { p in
            _ = await p.calls()
            guard p.capabilities["logging"] == nil else { return }
            let first = p.traffic.notes("notifications/message").first
            try p.expect(first == nil, "a log message without the capability", first?.exchange)
        },
        Check(
            "S271",
            "logging-set-level",
            .must,
            .logging,
            in: .legacy,
            needs: "logging",
            rule: "logging/setLevel accepts each of the 8 levels with an empty result"
        ) { p in
            for level in LogLevel.allCases {
                let exchange = await p.request("logging/setLevel", ["level": .string(level.rawValue)])
                let result = try p.result(exchange, "level \(level.rawValue)")
                try p.expect(
                    result.object.map { $0.keys.allSatisfy { $0 == "_meta" } } ?? false,
                    "level \(level.rawValue): \(result)",
                    exchange
                )
            }
            _ = await p.request("logging/setLevel", ["level": "info"])
        },
        Check(
            "S272",
            "logging-invalid-level",
            .should,
            .logging,
            in: .legacy,
            needs: "logging",
            rule: "An unknown level gets error -32602"
        ) { p in
            try p.expectError(await p.request("logging/setLevel", ["level": "loud"]), -32602)
        },
        Check(
            "S273",
            "logging-level-respected",
            .must,
            .logging,
            in: .legacy,
            needs: "logging",
            rule: "After setting the level error, no message below it comes"
        ) { p in
            _ = await p.request("logging/setLevel", ["level": "debug"])
            let loud = try await logs(of: await p.quickCallable(), in: p.main, p)
            _ = await p.request("logging/setLevel", ["level": "error"])
            let quiet = try await logs(of: await p.quickCallable(), in: p.main, p)
            _ = await p.request("logging/setLevel", ["level": "info"])
            _ = try p.needAny(loud, "a callable tool that logs")
            for (level, exchange) in quiet {
                try p.expect(
                    !["debug", "info", "notice", "warning"].contains(level),
                    "a message of the level \(level)",
                    exchange
                )
            }
        },
        Check(
            "S274",
            "sep-2575-server-no-log-without-loglevel",
            .must,
            .logging,
            in: .modern,
            phase: .passive,
            rule: "Without a log level in _meta, no log message comes"
        ) { p in
            try noUnrequestedLogs(p)
        },
        Check(
            "S275",
            "request-log-level-respected",
            .must,
            .logging,
            in: .modern,
            needs: "logging",
            rule: "Only messages at or above the level of the request come, and before its response"
        ) { p in
            let all = try await logs(of: await p.quickCallable(), in: p.main, p, level: "debug")
            _ = try p.needAny(all, "a callable tool that logs")
            for (level, exchange) in try await logs(of: await p.quickCallable(), in: p.main, p, level: "warning") {
                try p.expect(!["debug", "info", "notice"].contains(level), "a message of the level \(level)", exchange)
            }
        },
        Check(
            "S276",
            "unknown-request-log-level",
            .should,
            .logging,
            in: .modern,
            needs: "logging",
            rule: "An unknown log level in _meta gets error -32602"
        ) { p in
            let exchange = await p.ordinary { $0.setMeta(MetaKey.logLevel.rawValue, "loud") }
            try p.expectError(exchange, -32602)
        },
        Check(
            "S277",
            "no-secrets-in-logs",
            .must,
            .logging,
            phase: .passive,
            rule: "Log messages contain no credentials"
        ) { p in
            _ = await p.calls()
            for (note, exchange) in p.traffic.notes("notifications/message") {
                let text = (note["params"]?["data"] ?? nil).description
                let secret = ["Bearer ey", "-----BEGIN", "sk-live", "ghp_", "AKIA", "password=", "xoxb-"].first {
                    text.contains($0)
                }
                try p.expect(secret == nil, "a log message with \"\(secret ?? "")…\"", exchange)
            }
        },
        Check(
            "S278",
            "log-message-form",
            .must,
            .logging,
            phase: .passive,
            rule: "A log message has a valid level and data"
        ) { p in
            _ = await p.calls()
            let notes = p.traffic.notes("notifications/message")
            for (note, exchange) in try p.needAny(notes, "a callable tool that logs") {
                let level = note["params"]?["level"]?.string
                let isLevel = LogLevel.allCases.contains { $0.rawValue == level }
                try p.expect(isLevel, "the level \(note["params"]?["level"] ?? nil)", exchange)
                try p.expect(note["params"]?["data"] != nil, "no data", exchange)
            }
        },
    ]

    /// The levels of the messages that calls log.
    private static func logs(
        of calls: [(tool: JSONValue, arguments: JSONObject)],
        in session: Session,
        _ p: Probe,
        level: JSONValue? = nil
    ) async throws -> [(level: String, exchange: Exchange)] {
        var logs: [(level: String, exchange: Exchange)] = []
        for call in calls.prefix(40) {
            var params = Probe.params(call.tool, call.arguments)
            if let level { params["_meta"] = .object([MetaKey.logLevel.rawValue: level]) }
            let exchange = await session.request("tools/call", params, within: p.options.callLimit)
            for note in exchange.notifications where note["method"] == "notifications/message" {
                logs.append((note["params"]?["level"]?.string ?? "", exchange))
            }
        }
        return logs
    }
}
