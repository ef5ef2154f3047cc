import JSON
import MCP

extension Check {
    /// The handshake, and what it settles.
    static let legacyLifecycle: [Check] = [
        Check(
            "S030",
            "initialize-result",
            .must,
            .lifecycle,
            in: .legacy,
            rule: "The result of initialize has protocolVersion, capabilities and serverInfo with name and version"
        ) { p in
            let greeting = try p.need(p.main.greeting, "the result of initialize")
            let result = try p.result(greeting)
            try p.expect(result["protocolVersion"]?.string != nil, "no protocolVersion", greeting)
            try p.expect(result["capabilities"]?.object != nil, "no capabilities", greeting)
            for name in ["name", "version"] {
                try p.expect(result["serverInfo"]?[name]?.string != nil, "no serverInfo/\(name)", greeting)
            }
        },
        Check(
            "S031",
            "version-echoed",
            .must,
            .versioning,
            in: .legacy,
            rule: "A supported version that the client asks for is the negotiated one"
        ) { p in
            let exchange = try p.need(try await p.capable().greeting, "the result of initialize")
            let version = try p.result(exchange)["protocolVersion"] ?? nil
            try p.expect(version == .string(p.revision.wireName), "the version \(version)", exchange)
        },
        Check(
            "S032",
            "version-fallback",
            .must,
            .versioning,
            in: .legacy,
            rule: "An unknown version gets a result with a version that the server supports, not an error"
        ) { p in
            let exchange = try await greeting(asking: "1999-01-01", p)
            let version = try p.result(exchange)["protocolVersion"]?.string
            try p.expect(version.flatMap(Revision.init(wireName:)) != nil, "the version \(version ?? "none")", exchange)
        },
        Check(
            "S033",
            "version-fallback-latest",
            .should,
            .versioning,
            in: .legacy,
            rule: "For an unknown version, the server offers the latest one that it supports"
        ) { p in
            let exchange = try await greeting(asking: "1999-01-01", p)
            let version = exchange.result?["protocolVersion"]?.string.flatMap(Revision.init(wireName:))
            guard let version else { throw Verdict.Stop.inconclusive("a result of initialize for an unknown version") }
            // This revision is supported, so the latest is not older.
            try p.expect(version >= p.revision, "the version \(version), but \(p.revision) is supported", exchange)
        },
        Check(
            "S034",
            "no-stateless-version-in-initialize",
            .must,
            .versioning,
            in: .legacy,
            rule: "initialize never negotiates a stateless version"
        ) { p in
            let exchange = try await greeting(asking: Revision.v2026_07_28.wireName, p)
            let version = try p.result(exchange)["protocolVersion"]?.string.flatMap(Revision.init(wireName:))
            try p.expect(version?.era == .legacy, "the version \(version?.wireName ?? "none")", exchange)
        },
        Check(
            "S035",
            "initialized-accepted",
            .must,
            .lifecycle,
            in: .legacy,
            rule: "The notification initialized is accepted"
        ) { p in
            let session = try await p.capable()
            let exchange = await session.notify("notifications/initialized")
            let after = await p.ordinary(session)
            if let status = exchange.status { try p.expect(status == 202, "HTTP \(status)", exchange) }
            try p.expect(exchange.responseIndex == nil, "a response to the notification", exchange)
            try p.result(after, "a request after it")
        },
        Check(
            "S036",
            "no-requests-before-initialized",
            .should,
            .lifecycle,
            in: .legacy,
            rule: "Before initialized, the server requests nothing but ping"
        ) { p in
            let session = try await p.capable()
            let early = session.beforeInitialized.first {
                $0["id"] != nil && $0["method"] != nil && $0["method"] != "ping"
            }
            try p.expect(early == nil, "a request: \(early?["method"] ?? nil)", session.greeting)
        },
        Check(
            "S037",
            "ping",
            .must,
            .lifecycle,
            in: .legacy,
            rule: "ping gets an empty result, also before initialized"
        ) { p in
            let exchange = await p.request("ping")
            let result = try p.result(exchange)
            try p.expect(result.object.map { $0.keys.allSatisfy { $0 == "_meta" } } ?? false, "\(result)", exchange)
        },
        Check(
            "S038",
            "only-negotiated-capabilities",
            .must,
            .lifecycle,
            in: .legacy,
            phase: .passive,
            rule: "A client without capabilities gets no sampling, roots or elicitation request"
        ) { p in
            let calls = await p.calls()
            for entry in p.traffic.entries where entry.capabilities.isEmpty {
                let request = entry.exchange.requests.first { $0["method"] != "ping" }
                try p.expect(request == nil, "a request: \(request?["method"] ?? nil)", entry.exchange)
            }
            if calls.isEmpty, p.catalog.prompts.isEmpty, p.catalog.resources.isEmpty {
                throw Verdict.Stop.inconclusive(Probe.callableNeed)
            }
        },
        Check(
            "S039",
            "respects-negotiated-version",
            .must,
            .lifecycle,
            in: .from(.earliest, through: .v2025_06_18),
            phase: .passive,
            rule: "Results have only what the negotiated revision knows"
        ) { p in
            let kinds = p.revision.profile.contentKinds
            for exchange in p.traffic.exchanges {
                for block in exchange.result?["content"]?.array ?? [] {
                    guard let type = block["type"]?.string else { continue }
                    let isKnown = kinds.contains { $0.rawValue == type }
                    try p.expect(isKnown, "content of the type \(type), which \(p.revision) does not have", exchange)
                }
            }
        },
        Check(
            "S040",
            "capabilities-match-methods",
            .must,
            .lifecycle,
            in: .legacy,
            rule: "Lists of declared capabilities work; others get error -32601"
        ) { p in try await capabilitiesMatchMethods(p) },
        Check(
            "S041",
            "cancelled-request-has-no-response",
            .should,
            .cancellation,
            in: .legacy,
            rule: "A cancelled request gets no response"
        ) { p in
            let exchange = try await cancelledCall(p)
            try p.expect(exchange.responseIndex == nil, exchange.outcome, exchange)
        },
        Check(
            "S042",
            "odd-cancellation-ignored",
            .should,
            .cancellation,
            in: .legacy,
            rule: "Cancelling an unknown or finished request, or without an ID, is ignored"
        ) { p in
            let finished = await p.ordinary()
            for params: JSONObject in [
                ["requestId": "never-sent"], ["requestId": finished.message["id"] ?? 1], ["reason": "no ID"],
            ] {
                let exchange = await p.main.notify("notifications/cancelled", params)
                let isRefused = (exchange.status ?? 0) >= 400
                try p.expect(exchange.responseIndex == nil || isRefused, "a response: \(exchange.outcome)", exchange)
            }
            let after = await p.ordinary()
            try p.expect(after.response != nil, "the next request: \(after.outcome)", after)
        },
        Check(
            "S043",
            "initialize-not-in-batch",
            .advice,
            .lifecycle,
            in: .only(.v2025_03_26),
            rule: "initialize in a batch is rejected"
        ) { p in
            let session = try await p.open(handshake: false)
            let draft = session.draft(
                "initialize",
                [
                    "protocolVersion": .string(p.revision.wireName), "capabilities": [:],
                    "clientInfo": Session.clientInfo,
                ]
            )
            let exchange = await session.provoke(JSONValue.array([.object(draft.message)]).description)
            await p.close(session)
            let results = exchange.received.compactMap(\.value).flatMap { $0.array ?? [$0] }
            try p.expect(results.allSatisfy { $0["result"] == nil }, "a result", exchange)
        },
        Check(
            "S044",
            "request-before-initialize",
            .advice,
            .lifecycle,
            in: .legacy,
            rule: "A request before initialize gets an error, and initialize works afterwards"
        ) { p in
            let exchanges = try await p.shared.exchanges("request before initialize") {
                let session = try await p.open(handshake: false)
                let early = await session.request(p.ordinaryMethod, within: p.firstLimit(.seconds(2)))
                let greeting = await session.open()
                await p.close(session)
                return [early, greeting]
            }
            let (early, greeting) = (exchanges[0], exchanges[1])
            try p.result(greeting, "initialize after it")
            try p.expect(early.response != nil || early.status != nil, "the early request: \(early.outcome)", early)
        },
        Check(
            "S045",
            "discover-to-legacy-server",
            .advice,
            .versioning,
            in: .legacy,
            rule: "server/discover gets a prompt response, also from a server that supports only legacy versions"
        ) { p in
            let exchange = try await probed(p).probe
            try p.expect(exchange.response != nil || exchange.status != nil, exchange.outcome, exchange)
        },
    ]

    /// The response to `initialize` with a version, on a connection of its own.
    private static func greeting(asking version: String, _ p: Probe) async throws -> Exchange {
        try await p.shared.exchanges("initialize \(version)") {
            let session = try await p.open(handshake: false)
            let exchange = await session.open(asking: version)
            await p.close(session)
            return [exchange]
        }[0]
    }

    /// What the server says to `server/discover`, and then to `initialize` if that has failed.
    static func probed(_ p: Probe) async throws -> (probe: Exchange, greeting: Exchange?) {
        let exchanges = try await p.shared.exchanges("server/discover") {
            let session = try await p.open(handshake: false)
            let probe = await session.request("server/discover", within: p.firstLimit(.seconds(3))) { draft in
                draft.setMeta(MetaKey.protocolVersion.rawValue, .string(Revision.latest.wireName))
                draft.setMeta(MetaKey.clientCapabilities.rawValue, [:])
                draft.setMeta(MetaKey.clientInfo.rawValue, Session.clientInfo)
                guard !draft.fields.isEmpty else { return }
                draft.setField("MCP-Protocol-Version", Revision.latest.wireName)
                draft.setField("Mcp-Method", "server/discover")
            }
            // After a result, a client goes on in the stateless era.
            let greeting = probe.result == nil ? await session.open() : nil
            await p.close(session)
            return [probe] + [greeting].compactMap(\.self)
        }
        return (exchanges[0], exchanges.dropFirst().first)
    }

    /// Whether each list works exactly if its capability is declared.
    ///
    /// An empty list in place of the error tells clients nothing wrong, so that it is only a warning.
    static func capabilitiesMatchMethods(_ p: Probe) async throws {
        var empty: (what: String, exchange: Exchange)?
        for kind in Catalog.Kind.allCases {
            let exchange = await p.request(kind.method)
            if p.capabilities[kind.capability] != nil {
                let isOptional = kind == .resourceTemplates && exchange.errorCode == Probe.methodNotFound
                if !isOptional { try p.result(exchange, "\(kind.method), whose capability is declared") }
                continue
            }
            let what = "\(kind.method), whose capability is not declared"
            if exchange.result?[kind.rawValue]?.array?.isEmpty == true {
                empty = empty ?? (what, exchange)
            } else {
                try p.expectError(exchange, Probe.methodNotFound, what)
            }
        }
        if let empty {
            let received = "\(empty.what): expected error \(Probe.methodNotFound), received an empty list"
            throw Verdict.Stop.harmless(.init(received: received, exchanges: [empty.exchange]))
        }
    }

    /// A call that still ran when it was cancelled.
    ///
    /// - Returns: The messages for it until a later request was served, and shortly after.
    static func cancelledCall(_ p: Probe) async throws -> Exchange {
        let slow = p.callable.filter { $0.tool["inputSchema"]?["properties"]?["seconds"] != nil }
        let call = try p.need(slow.first, "a callable tool that runs for a time given by its argument `seconds`")
        var arguments = call.arguments
        arguments["seconds"] = 0.6
        let pending = p.main.begin(
            "tools/call",
            ["name": call.tool["name"] ?? "", "arguments": .object(arguments)],
            id: "to-cancel"
        )
        _ = await p.ordinary()
        p.main.send(notification: "notifications/cancelled", ["requestId": "to-cancel", "reason": "not needed"])
        _ = await p.ordinary()
        let exchange = await pending.next(within: .milliseconds(1000)) { $0["id"] == "to-cancel" }
        pending.cancel()
        return exchange
    }
}
