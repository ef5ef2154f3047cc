import JSON
import MCP

extension Check {
    /// Pagination, progress and cancellation.
    static let pagination: [Check] = [
        Check(
            "S250",
            "pagination-ends",
            .must,
            .pagination,
            rule: "Following nextCursor ends, and no cursor comes twice"
        ) { p in
            for kind in Catalog.Kind.allCases {
                try p.expect(
                    p.catalog.shortfalls[kind] == nil,
                    "\(kind.method): \(p.catalog.shortfalls[kind] ?? "")",
                    p.catalog.pages[kind]?.last
                )
                let pages = p.catalog.pages[kind] ?? []
                let failed = pages.dropFirst().first { $0.result == nil }
                try p.expect(failed == nil, "\(kind.method): the next page: \(failed?.outcome ?? "")", failed)
            }
        },
        Check("S251", "invalid-cursor", .should, .pagination, rule: "An invalid cursor gets error -32602") { p in
            for kind in Catalog.Kind.allCases where p.catalog.pages[kind]?.first?.result != nil {
                try p.expectError(await p.request(kind.method, ["cursor": "no-such-cursor-%%"]), -32602, kind.method)
            }
        },
        Check("S252", "cursor-stable", .should, .pagination, rule: "The same cursor gets the same page") { p in
            var didCheck = false
            for kind in Catalog.Kind.allCases {
                guard let cursor = p.catalog.pages[kind]?.first?.result?["nextCursor"] else { continue }
                let (one, two) = (
                    await p.request(kind.method, ["cursor": cursor]), await p.request(kind.method, ["cursor": cursor])
                )
                try p.expect(
                    one.result?[kind.rawValue] == two.result?[kind.rawValue],
                    "\(kind.method): another page",
                    one,
                    two
                )
                didCheck = true
            }
            if !didCheck { throw Verdict.Stop.notApplicable("a list of several pages") }
        },
        Check(
            "S253",
            "cursor-form",
            .must,
            .pagination,
            phase: .passive,
            rule: "nextCursor is a string if it is present"
        ) { p in
            for exchange in p.traffic.exchanges {
                guard let cursor = exchange.result?["nextCursor"] else { continue }
                try p.expect(cursor.string != nil, "\(exchange.method ?? ""): \(cursor)", exchange)
            }
        },
        Check(
            "S260",
            "tools-call-with-progress",
            .must,
            .progress,
            phase: .passive,
            rule: "Progress comes only for a token of the client, with the same type"
        ) { p in
            _ = await p.calls()
            var didSee = false
            for exchange in p.traffic.exchanges {
                for note in exchange.notifications where note["method"] == "notifications/progress" {
                    didSee = true
                    let token = note["params"]?["progressToken"] ?? nil
                    let isKnown = p.traffic.exchanges.contains { other in
                        let sent = other.message["params"]?["_meta"]?["progressToken"]
                        return sent == token && sent?.typeName == token.typeName
                    }
                    try p.expect(isKnown, "progress for the token \(token)", exchange)
                }
            }
            if !didSee { throw Verdict.Stop.inconclusive("a callable tool that reports progress") }
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
            for exchange in p.traffic.exchanges {
                for note in exchange.notifications where note["method"] == "notifications/cancelled" {
                    let isListen = exchange.method == "subscriptions/listen"
                    try p.expect(isListen, "one for \(exchange.method ?? "")", exchange)
                }
            }
        },
    ]

    private static func progressTokens(_ p: Probe) throws -> Set<JSONValue> {
        let notes = p.traffic.exchanges.flatMap(\.notifications).filter { $0["method"] == "notifications/progress" }
        return try p.needAny(
            Set(notes.compactMap { $0["params"]?["progressToken"] }),
            "a callable tool that reports progress"
        )
    }

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
            for exchange in p.traffic.exchanges {
                let log = exchange.notifications.first { $0["method"] == "notifications/message" }
                try p.expect(log == nil, "a log message without the capability", exchange)
            }
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
            let session = try await p.open()
            _ = await session.request("logging/setLevel", ["level": "debug"])
            let loud = try await logs(of: await p.quickCallable(), in: session, p)
            _ = await session.request("logging/setLevel", ["level": "error"])
            let quiet = try await logs(of: await p.quickCallable(), in: session, p)
            await p.close(session)
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
            for exchange in p.traffic.exchanges {
                for note in exchange.notifications where note["method"] == "notifications/message" {
                    let text = (note["params"]?["data"] ?? nil).description
                    let secret = ["Bearer ey", "-----BEGIN", "sk-live", "ghp_", "AKIA", "password=", "xoxb-"].first {
                        text.contains($0)
                    }
                    try p.expect(secret == nil, "a log message with \"\(secret ?? "")…\"", exchange)
                }
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
            var didSee = false
            for exchange in p.traffic.exchanges {
                for note in exchange.notifications where note["method"] == "notifications/message" {
                    didSee = true
                    let level = note["params"]?["level"]?.string
                    let isLevel = LogLevel.allCases.contains { $0.rawValue == level }
                    try p.expect(isLevel, "the level \(note["params"]?["level"] ?? nil)", exchange)
                    try p.expect(note["params"]?["data"] != nil, "no data", exchange)
                }
            }
            if !didSee { throw Verdict.Stop.inconclusive("a callable tool that logs") }
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
            var params: JSONObject = ["name": call.tool["name"] ?? "", "arguments": .object(call.arguments)]
            if let level { params["_meta"] = .object([MetaKey.logLevel.rawValue: level]) }
            let exchange = await session.request("tools/call", params, within: p.options.callLimit)
            for note in exchange.notifications where note["method"] == "notifications/message" {
                logs.append((note["params"]?["level"]?.string ?? "", exchange))
            }
        }
        return logs
    }

    /// Caching.
    static let caching: [Check] = [
        Check(
            "S280",
            "sep-2549-caching-hints",
            .must,
            .caching,
            in: .modern,
            rule: "Complete results of lists, discover and read have ttlMs and cacheScope"
        ) { p in
            _ = try await reads(p)
            for exchange in cacheable(p) {
                for name in ["ttlMs", "cacheScope"] {
                    try p.expect(exchange.result?[name] != nil, "\(exchange.method ?? ""): no \(name)", exchange)
                }
            }
        },
        Check(
            "S281",
            "sep-2549-ttl-non-negative",
            .must,
            .caching,
            in: .modern,
            phase: .passive,
            rule: "ttlMs is an integer of at least 0"
        ) { p in
            for exchange in p.traffic.exchanges {
                guard let ttl = exchange.result?["ttlMs"] else { continue }
                try p.expect((ttl.int ?? -1) >= 0, "\(exchange.method ?? ""): ttlMs \(ttl)", exchange)
            }
        },
        Check(
            "S282",
            "sep-2549-cache-scope-valid",
            .must,
            .caching,
            in: .modern,
            phase: .passive,
            rule: "cacheScope is public or private"
        ) { p in
            for exchange in p.traffic.exchanges {
                guard let scope = exchange.result?["cacheScope"] else { continue }
                try p.expect(
                    ["public", "private"].contains(scope),
                    "\(exchange.method ?? ""): cacheScope \(scope)",
                    exchange
                )
            }
        },
        Check(
            "S283",
            "cache-scope-of-pages",
            .must,
            .caching,
            in: .modern,
            rule: "All pages of a list have the same cacheScope"
        ) { p in
            var didCheck = false
            for kind in Catalog.Kind.allCases {
                let pages = p.catalog.pages[kind] ?? []
                guard pages.count > 1 else { continue }
                didCheck = true
                let scopes = Set(pages.compactMap { $0.result?["cacheScope"] })
                try p.expect(scopes.count < 2, "\(kind.method): \(scopes.count) values", pages.last)
            }
            if !didCheck { throw Verdict.Stop.notApplicable("a list of several pages") }
        },
        Check(
            "S284",
            "no-caching-of-input-requests",
            .must,
            .caching,
            in: .modern,
            phase: .passive,
            rule: "A result that requests input has no caching hints"
        ) { p in
            _ = try await p.capableCalls()
            let results = p.traffic.exchanges.filter { $0.result?["resultType"] == "input_required" }
            for exchange in try p.needAny(results, "a callable tool that requests input from the client") {
                for name in ["ttlMs", "cacheScope"] { try p.expect(exchange.result?[name] == nil, "\(name)", exchange) }
            }
        },
    ]

    private static func cacheable(_ p: Probe) -> [Exchange] {
        let methods = [
            "server/discover", "tools/list", "prompts/list", "resources/list", "resources/templates/list",
            "resources/read",
        ]
        return p.traffic.exchanges.filter { exchange in
            methods.contains(exchange.method ?? "") && exchange.result != nil
                && exchange.result?["resultType"] != "input_required"
        }
    }
}
