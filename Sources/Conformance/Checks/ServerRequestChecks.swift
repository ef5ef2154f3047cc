import JSON
import MCP

extension Check {
    /// Requests of the server: in the legacy era requests of its own, later input requests.
    static let serverRequests: [Check] = [
        Check(
            "S330",
            "server-requests-need-capabilities",
            .must,
            .lifecycle,
            in: .legacy,
            rule: "Sampling, roots and elicitation are requested only if the client declares them"
        ) { p in
            let calls = try await requestingCalls(p)
            let session = try await p.open(["roots": [:]])
            for call in calls.prefix(8) {
                let exchange = await p.call(call.tool, call.arguments, in: session)
                for request in exchange.requests where request["method"] != "ping" {
                    let problem = undeclared(request, session.capabilities)
                    try p.expect(problem == nil, "tool \(call.name): \(problem ?? "")", exchange)
                }
            }
            await p.close(session)
        },
        Check(
            "S331",
            "server-requests-during-requests",
            .should,
            .lifecycle,
            in: .legacy,
            rule: "The server sends requests only while one of the client runs"
        ) { p in
            _ = try await requestingCalls(p)
            let session = try await p.capable()
            let before = session.wire.strays.count
            _ = await session.fence()
            let late = session.wire.strays.dropFirst(before).compactMap(\.value).first {
                $0["method"] != nil && $0["id"] != nil && $0["method"] != "ping"
            }
            try p.expect(late == nil, "a request: \(late?["method"] ?? nil)")
        },
        Check(
            "S332",
            "tools-call-elicitation",
            .must,
            .elicitation,
            in: .from(.v2025_06_18, through: .v2025_11_25),
            rule: "A requested form is a flat object of primitive fields"
        ) { p in
            for (call, request) in try await serverRequests("elicitation/create", p)
            where request["params"]?["mode"] != "url" {
                let problem = paramsProblem("elicitation/create", request["params"] ?? nil, p.revision)
                try p.expect(problem == nil, "tool \(call.name): \(problem ?? "")", call.last)
            }
        },
        Check(
            "S333",
            "url-elicitation-form",
            .must,
            .elicitation,
            in: .only(.v2025_11_25),
            rule: "An elicitation by URL has a URL and an elicitationId"
        ) { p in
            let all = try await serverRequests("elicitation/create", p).filter {
                $0.request["params"]?["mode"] == "url"
            }
            for (call, request) in try p.needAny(all, "a callable tool that requests a URL") {
                try p.expect(
                    isURI(request["params"]?["url"]?.string ?? ""),
                    "tool \(call.name): the URL \(request["params"]?["url"] ?? nil)",
                    call.last
                )
                try p.expect(
                    request["params"]?["elicitationId"]?.string != nil,
                    "tool \(call.name): no elicitationId",
                    call.last
                )
            }
        },
        Check(
            "S334",
            "no-secrets-in-forms",
            .must,
            .elicitation,
            in: .since(.v2025_06_18),
            rule: "Forms do not ask for secrets"
        ) { p in
            for (call, request) in try await allInputRequests("elicitation/create", p) {
                for name in request["params"]?["requestedSchema"]?["properties"]?.object?.keys ?? [] {
                    let isSecret = secretWords.contains { name.lowercased().contains($0) }
                    try p.expect(!isSecret, "tool \(call.name): the field `\(name)`", call.exchanges.first)
                }
            }
        },
        Check(
            "S335",
            "url-elicitation-error",
            .must,
            .elicitation,
            in: .only(.v2025_11_25),
            phase: .passive,
            rule: "Error -32042 has elicitations by URL, each with an elicitationId"
        ) { p in
            let errors = p.traffic.exchanges.filter { $0.errorCode == -32042 }
            for exchange in try p.needAny(errors, "a callable tool that fails with -32042") {
                let elicitations = exchange.error?["data"]?["elicitations"]?.array ?? []
                try p.expect(!elicitations.isEmpty, "no elicitations", exchange)
                for item in elicitations {
                    try p.expect(item["mode"] == "url" && item["elicitationId"]?.string != nil, "\(item)", exchange)
                }
            }
        },
        Check(
            "S336",
            "elicitation-complete-known",
            .must,
            .elicitation,
            in: .only(.v2025_11_25),
            phase: .passive,
            rule: "notifications/elicitation/complete has the ID of an elicitation"
        ) { p in
            let all = p.traffic.exchanges.flatMap { exchange in
                exchange.received.compactMap(\.value).map { ($0, exchange) }
            }
            let known = Set(all.compactMap { $0.0["params"]?["elicitationId"] }.filter { !$0.isNull })
            let requested = Set(
                all.filter { $0.0["method"] == "elicitation/create" }.compactMap { $0.0["params"]?["elicitationId"] }
            )
            let notes = all.filter { $0.0["method"] == "notifications/elicitation/complete" }
            for (note, exchange) in try p.needAny(notes, "a callable tool that completes an elicitation by URL") {
                let id = note["params"]?["elicitationId"] ?? nil
                try p.expect(requested.contains(id) && known.contains(id), "the ID \(id)", exchange)
            }
        },
        Check(
            "S337",
            "url-elicitation-https",
            .should,
            .elicitation,
            in: .since(.v2025_11_25),
            rule: "Requested URLs are https"
        ) { p in
            let all = try await allInputRequests("elicitation/create", p).filter {
                $0.request["params"]?["mode"] == "url"
            }
            for (call, request) in try p.needAny(all, "a callable tool that requests a URL") {
                let url = request["params"]?["url"]?.string ?? ""
                try p.expect(
                    url.hasPrefix("https://") || isLoopback(url),
                    "tool \(call.name): \(url)",
                    call.exchanges.first
                )
            }
        },
        Check(
            "S338",
            "sampling-tools-need-capability",
            .must,
            .sampling,
            in: .since(.v2025_11_25),
            rule: "Sampling has tools only if the client declares sampling.tools"
        ) { p in
            let sampling = try await allInputRequests("sampling/createMessage", p)
            let session = try await p.open(["sampling": [:]])
            for call in sampling.map(\.call).prefix(4) {
                let exchange = await p.call(call.tool, call.arguments, in: session)
                let requests =
                    exchange.requests + (exchange.result?["inputRequests"]?.object?.members.map(\.value) ?? [])
                for request in requests where request["method"] == "sampling/createMessage" {
                    let problem = undeclared(request, ["sampling": [:]])
                    try p.expect(problem == nil, "tool \(call.name): \(problem ?? "")", exchange)
                }
            }
            await p.close(session)
        },
        Check(
            "S339",
            "tool-results-complete",
            .must,
            .sampling,
            in: .since(.v2025_11_25),
            rule: "Every tool use in sampled messages is followed by its result, and results stand alone"
        ) { p in
            for (call, request) in try await allInputRequests("sampling/createMessage", p) {
                let messages = request["params"]?["messages"]?.array ?? []
                for message in messages {
                    let blocks = message["content"]?.array ?? [message["content"] ?? nil]
                    let results = blocks.count { $0["type"] == "tool_result" }
                    try p.expect(
                        results == 0 || results == blocks.count,
                        "tool \(call.name): results mixed with other content",
                        call.exchanges.first
                    )
                }
            }
        },
        Check(
            "S340",
            "elicitation-actions-handled",
            .must,
            .elicitation,
            in: .from(.v2025_06_18, through: .v2025_11_25),
            rule: "A declined or cancelled form is handled"
        ) { p in
            let calls = try await serverRequests("elicitation/create", p).map(\.call)
            let session = try await p.open(Probe.allCapabilities(in: p.revision))
            let capabilities = session.capabilities
            for action in ["decline", "cancel"] {
                session.wire.answer { request in
                    request["method"] == "elicitation/create"
                        ? ["result": ["action": .string(action)]]
                        : InputAnswers.answer(request, capabilities: capabilities)
                }
                for call in calls.prefix(3) {
                    let exchange = await p.call(call.tool, call.arguments, in: session)
                    try p.expect(
                        exchange.response != nil,
                        "tool \(call.name), \(action): \(exchange.outcome)",
                        exchange
                    )
                }
            }
            await p.close(session)
        },
        Check(
            "S341",
            "elicitation-defaults",
            .must,
            .elicitation,
            in: .since(.v2025_11_25),
            rule: "Defaults of fields match the field"
        ) { p in
            let fields = try await allInputRequests("elicitation/create", p).flatMap { call, request in
                (request["params"]?["requestedSchema"]?["properties"]?.object?.members ?? []).map { (call, $0) }
            }.filter { $0.1.value["default"] != nil }
            for (call, field) in try p.needAny(fields, "a callable tool that requests a form with defaults") {
                let violation = violation(of: field.value["default"] ?? nil, field.value)
                try p.expect(
                    violation == nil,
                    "tool \(call.name), field `\(field.key)`: \(violation ?? "")",
                    call.exchanges.first
                )
            }
        },
        Check(
            "S342",
            "roots-list-changed-accepted",
            .must,
            .roots,
            in: .legacy,
            rule: "notifications/roots/list_changed is accepted"
        ) { p in
            let session = try await p.capable()
            let exchange = await session.notify("notifications/roots/list_changed")
            let after = await p.ordinary(session)
            try p.expect(exchange.responseIndex == nil, "a response", exchange)
            try p.result(after, "the next request")
        },
    ]

    private static func requestingCalls(_ p: Probe) async throws -> [Probe.ToolCall] {
        let calls = try await p.capableCalls().filter { !$0.exchanges.flatMap(\.requests).isEmpty }
        return try p.needAny(calls, "a callable tool that requests input from the client")
    }

    private static func serverRequests(_ method: String, _ p: Probe) async throws -> [(
        call: Probe.ToolCall, request: JSONValue
    )] {
        let all = try await p.capableCalls().flatMap { call in
            call.exchanges.flatMap(\.requests).filter { $0["method"] == .string(method) }.map { (call, $0) }
        }
        return try p.needAny(all, "a callable tool that requests \(method)")
    }

    /// The input requests of both eras.
    private static func allInputRequests(_ method: String, _ p: Probe) async throws -> [(
        call: Probe.ToolCall, request: JSONValue
    )] {
        let all = try await p.capableCalls().flatMap { call -> [(Probe.ToolCall, JSONValue)] in
            let inResults = call.exchanges.flatMap { $0.result?["inputRequests"]?.object?.members.map(\.value) ?? [] }
            return (call.exchanges.flatMap(\.requests) + inResults).filter { $0["method"] == .string(method) }.map {
                (call, $0)
            }
        }
        return try p.needAny(all, "a callable tool that requests \(method)")
    }
}
