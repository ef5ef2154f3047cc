import JSON
import MCP

extension Check {
    /// Discovery, the envelope of requests, and what a stateless server must not keep.
    static let statelessLifecycle: [Check] = [
        Check(
            "S050",
            "sep-2575-server-implements-discover",
            .must,
            .lifecycle,
            in: .modern,
            rule: "The server implements server/discover"
        ) { p in try p.result(await p.request("server/discover")) },
        Check(
            "S051",
            "discover-result",
            .must,
            .lifecycle,
            in: .modern,
            rule: "The result of server/discover has supportedVersions, capabilities, resultType, ttlMs and cacheScope"
        ) { p in
            let exchange = await p.request("server/discover")
            let result = try p.result(exchange)
            let versions = result["supportedVersions"]?.array ?? []
            try p.expect(versions.contains(.string(p.revision.wireName)), "supportedVersions \(versions)", exchange)
            try p.expect(versions.allSatisfy { $0.string?.isEmpty == false }, "supportedVersions \(versions)", exchange)
            try p.expect(result["capabilities"]?.object != nil, "no capabilities", exchange)
            try p.expect(result["resultType"] == "complete", "resultType \(result["resultType"] ?? nil)", exchange)
            for name in ["ttlMs", "cacheScope"] { try p.expect(result[name] != nil, "no \(name)", exchange) }
        },
        Check(
            "S052",
            "sep-2575-server-identifies-in-result-meta",
            .should,
            .messages,
            in: .modern,
            phase: .passive,
            rule: "Every result names the server in _meta"
        ) { p in
            for exchange in p.traffic.exchanges {
                guard let result = exchange.result else { continue }
                let info = result["_meta"]?[MetaKey.serverInfo.rawValue]
                let isComplete = info?["name"]?.string != nil && info?["version"]?.string != nil
                try p.expect(isComplete, "\(exchange.method ?? ""): \(info?.description ?? "no server info")", exchange)
            }
        },
        Check(
            "S053",
            "no-handshake-needed",
            .must,
            .versioning,
            in: .modern,
            rule: "Any request works as the first one"
        ) { p in
            try p.result(try await p.second().first)
        },
        Check(
            "S054",
            "sep-2575-request-meta-invalid-missing-meta",
            .must,
            .messages,
            in: .modern,
            rule: "A request without _meta gets error -32602"
        ) { p in
            let exchange = await p.ordinary { $0.setParam("_meta", nil) }
            try p.expectError(exchange, -32602, status: 400)
        },
        Check(
            "S055",
            "sep-2575-request-meta-invalid-missing-protocol-version",
            .must,
            .messages,
            in: .modern,
            rule: "A request without a protocol version in _meta gets error -32602"
        ) { p in
            let exchange = await p.ordinary { $0.setMeta(MetaKey.protocolVersion.rawValue, nil) }
            try p.expectError(exchange, -32602, status: 400)
        },
        Check(
            "S056",
            "sep-2575-request-meta-invalid-missing-client-capabilities",
            .must,
            .messages,
            in: .modern,
            rule: "A request without client capabilities in _meta gets error -32602"
        ) { p in
            let exchange = await p.ordinary { $0.setMeta(MetaKey.clientCapabilities.rawValue, nil) }
            try p.expectError(exchange, -32602, status: 400)
        },
        Check(
            "S057",
            "sep-2575-request-meta-client-info-optional",
            .must,
            .messages,
            in: .modern,
            rule: "A request without client info in _meta is served"
        ) { p in try p.result(await p.ordinary { $0.setMeta(MetaKey.clientInfo.rawValue, nil) }) },
        Check(
            "S058",
            "sep-2575-server-unsupported-version-error",
            .must,
            .versioning,
            in: .modern,
            rule: "An unsupported version gets error -32022 with the supported versions and the requested one"
        ) { p in try p.expectUnsupportedVersion(await p.ordinary(unsupported)) },
        Check(
            "S059",
            "discover-unsupported-version",
            .must,
            .versioning,
            in: .modern,
            rule: "server/discover with an unsupported version gets error -32022"
        ) { p in try p.expectUnsupportedVersion(await p.request("server/discover", unsupported)) },
        Check(
            "S060",
            "unsupported-version-names-supported",
            .advice,
            .versioning,
            in: .modern,
            rule: "The versions that the error names are those of server/discover"
        ) { p in
            let exchange = await p.ordinary(unsupported)
            let known = p.main.greeting?.result?["supportedVersions"]?.array ?? []
            for version in exchange.error?["data"]?["supported"]?.array ?? [] {
                let isLegacy = version.string.flatMap(Revision.init(wireName:))?.era == .legacy
                try p.expect(known.contains(version) || isLegacy, "the version \(version)", exchange)
            }
        },
        Check(
            "S061",
            "legacy-version-in-envelope",
            .advice,
            .versioning,
            in: .modern,
            rule: "A stateless request with a legacy version is refused"
        ) { p in
            let exchange = await p.ordinary { setVersion(Revision.latestLegacy.wireName, in: &$0) }
            try p.expectRefusal(exchange, "the version \(Revision.latestLegacy)")
        },
        Check(
            "S062",
            "capabilities-not-remembered",
            .must,
            .messages,
            in: .modern,
            rule: "A capability of one request does not count for the next"
        ) { p in
            let session = try await p.capable()
            let needing = try p.needAny(
                try await p.capableCalls().filter(\.isInputRequired),
                "a callable tool that requests input from the client"
            )
            for call in needing.prefix(3) {
                let exchange = await session.request("tools/call", call.params) {
                    $0.setMeta(MetaKey.clientCapabilities.rawValue, [:])
                }
                let isRequested = exchange.result?["inputRequests"]?.object?.isEmpty == false
                try p.expect(!isRequested, "an input request of a client without capabilities", exchange)
            }
        },
        Check(
            "S063",
            "sep-2575-server-rejects-undeclared-capability",
            .must,
            .messages,
            in: .modern,
            rule: "Error -32021 names the missing capabilities as an object"
        ) { p in
            let calls = await p.calls().map(\.last).filter { $0.errorCode == -32021 }
            for exchange in try p.needAny(calls, "a callable tool that needs a capability of the client") {
                let data = exchange.error?["data"]?["requiredCapabilities"]
                try p.expect(data?.object?.isEmpty == false, "requiredCapabilities \(data ?? nil)", exchange)
                // A stream that has begun has its status already.
                if let status = exchange.status, exchange.http?.isStream != true {
                    try p.expect(status == 400, "HTTP \(status)", exchange)
                }
            }
        },
        Check(
            "S064",
            "sep-2322-result-type-included",
            .must,
            .messages,
            in: .modern,
            phase: .passive,
            rule: "Every result has a resultType"
        ) { p in
            for exchange in p.traffic.exchanges where exchange.result != nil {
                try p.expect(exchange.result?["resultType"]?.string != nil, "\(exchange.method ?? ""): none", exchange)
            }
        },
        Check(
            "S065",
            "result-type-known",
            .must,
            .messages,
            in: .modern,
            phase: .passive,
            rule: "The resultType is complete, input_required, or one of an extension that the client declared"
        ) { p in
            for exchange in p.traffic.exchanges {
                guard let type = exchange.result?["resultType"]?.string else { continue }
                let declared = exchange.message["params"]?["_meta"]?[MetaKey.clientCapabilities.rawValue]?["extensions"]
                let isTask = type == "task" && declared?[ExtensionID.tasks.rawValue] != nil
                try p.expect(["complete", "input_required"].contains(type) || isTask, "\"\(type)\"", exchange)
            }
        },
        Check(
            "S066",
            "removed-methods",
            .must,
            .messages,
            in: .modern,
            rule: "Methods that were removed get error -32601"
        ) { p in
            for method in ["ping", "logging/setLevel", "resources/subscribe", "resources/unsubscribe"] {
                try p.expectError(await p.request(method), -32601, status: 404, method)
            }
            // A server of both eras has the method; one without the legacy era may name its versions instead.
            if try await p.speaksLegacy() { return }
            let exchange = await p.request("initialize")
            if exchange.errorCode != -32022 { try p.expectError(exchange, -32601, status: 404, "initialize") }
        },
        Check(
            "S067",
            "removed-task-methods",
            .must,
            .tasks,
            in: .modern,
            rule: "tasks/result and tasks/list get error -32601"
        ) { p in
            for method in ["tasks/result", "tasks/list"] {
                try p.expectError(await p.request(method, ["taskId": "x"]), -32601, method)
            }
        },
        Check(
            "S068",
            "lists-do-not-depend-on-connections",
            .must,
            .tools,
            in: .modern,
            needs: "tools",
            rule: "Another connection gets the same list of tools, also after calls"
        ) { p in
            let session = try await p.second().session
            let before = await p.request("tools/list")
            _ = await p.calls()
            let after = await session.request("tools/list")
            let (old, new) = (try p.result(before)["tools"] ?? nil, try p.result(after)["tools"] ?? nil)
            try p.expect(old == new, "the lists differ", before, after)
        },
        Check(
            "S070",
            "discover-capabilities-match-handlers",
            .must,
            .lifecycle,
            in: .modern,
            rule: "Lists of declared capabilities work; others get error -32601"
        ) { p in try await capabilitiesMatchMethods(p) },
        Check(
            "S071",
            "initialize-to-stateless-server",
            .should,
            .versioning,
            in: .modern,
            rule: "A stateless server answers initialize with an error that names its versions"
        ) { p in
            let exchange = try p.need(try await p.legacy().greeting, "a response to initialize")
            if exchange.result != nil { throw Verdict.Stop.notApplicable("a server without the legacy era") }
            let text = exchange.error?.description ?? ""
            let names = Revision.allCases.contains { text.contains($0.wireName) }
            try p.expect(names, "received \(exchange.outcome)", exchange)
        },
        Check(
            "S072",
            "both-eras-side-by-side",
            .advice,
            .versioning,
            in: .modern,
            rule: "A server of both eras serves them at the same time"
        ) { p in
            let session = try await p.legacy()
            guard session.greeting?.result != nil else { throw Verdict.Stop.notApplicable("the legacy era") }
            let (modern, legacy) = (await p.ordinary(), await session.request("ping"))
            try p.result(modern, "the stateless request")
            try p.result(legacy, "the legacy request")
        },
        Check(
            "S073",
            "trace-context-accepted",
            .advice,
            .messages,
            in: .modern,
            rule: "traceparent, tracestate and baggage in _meta are accepted"
        ) { p in
            let exchange = await p.ordinary {
                $0.setMeta("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
                $0.setMeta("tracestate", "vendor=1")
                $0.setMeta("baggage", "user=1")
            }
            try p.result(exchange)
        },
        Check(
            "S074",
            "extension-identifiers",
            .must,
            .versioning,
            in: .modern,
            rule: "Extensions in the capabilities have identifiers with a prefix, and objects as values"
        ) { p in
            let extensions = try p.require(p.capabilities["extensions"], "the capability extensions")
            for member in extensions.object?.members ?? [] {
                let key = MetaKey(rawValue: member.key)
                let isValid = key.isWellFormed && !key.labels.isEmpty && !key.name.isEmpty
                try p.expect(isValid, "the identifier \"\(member.key)\"", p.main.greeting)
                try p.expect(member.value.object != nil, "\(member.key) is \(member.value.typeName)", p.main.greeting)
            }
        },
        Check(
            "S075",
            "undeclared-extensions-not-used",
            .must,
            .versioning,
            in: .modern,
            phase: .passive,
            rule: "A client that declares no extension gets no task"
        ) { p in
            _ = try p.requireAny(p.capabilities["extensions"]?.object?.members ?? [], "the capability extensions")
            for exchange in p.traffic.exchanges {
                let declared = exchange.message["params"]?["_meta"]?[MetaKey.clientCapabilities.rawValue]?["extensions"]
                let isTask = exchange.result?["resultType"] == "task"
                try p.expect(!isTask || declared != nil, "a task", exchange)
            }
        },
        Check(
            "S076",
            "no-log-without-level",
            .must,
            .logging,
            in: .modern,
            phase: .passive,
            rule: "A request without a log level gets no log messages"
        ) { p in try noUnrequestedLogs(p) },
    ]

    /// A version that no server has.
    private static let unsupported: @Sendable (inout Draft) -> Void = { setVersion("1900-01-01", in: &$0) }

    static func setVersion(_ version: String, in draft: inout Draft) {
        draft.setMeta(MetaKey.protocolVersion.rawValue, .string(version))
        if !draft.fields.isEmpty { draft.setField("MCP-Protocol-Version", version) }
    }

    static func noUnrequestedLogs(_ p: Probe) throws {
        for exchange in p.traffic.exchanges {
            guard exchange.message["params"]?["_meta"]?[MetaKey.logLevel.rawValue] == nil else { continue }
            let log = exchange.notifications.first { $0["method"] == "notifications/message" }
            try p.expect(log == nil, "a log message", exchange)
        }
    }
}

extension Probe {
    func request(_ method: String, _ change: (inout Draft) -> Void) async -> Exchange {
        await main.request(method, [:], change)
    }

    func ordinary(_ change: (inout Draft) -> Void) async -> Exchange {
        await ordinary(nil, change)
    }

    func expectUnsupportedVersion(_ exchange: Exchange) throws {
        try expectError(exchange, -32022, status: 400)
        let data = exchange.error?["data"]
        try expect(data?["supported"]?.array?.isEmpty == false, "data \(data ?? nil)", exchange)
        try expect(data?["requested"] == "1900-01-01", "the requested version \(data?["requested"] ?? nil)", exchange)
    }
}
