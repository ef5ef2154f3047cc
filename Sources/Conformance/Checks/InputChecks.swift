import JSON
import MCP

extension Check {
    /// Results that request input.
    static let inputRequired: [Check] = [
        Check(
            "S290",
            "sep-2322-request-state-incomplete",
            .must,
            .inputRequired,
            in: .modern,
            rule: "A result that requests input has input requests or a request state"
        ) { p in
            for (_, exchange) in try await inputResults(p) {
                let hasRequests = exchange.result?["inputRequests"]?.object?.isEmpty == false
                try p.expect(hasRequests || exchange.result?["requestState"]?.string != nil, "neither", exchange)
            }
        },
        Check(
            "S291",
            "sep-2322-elicitation-incomplete",
            .must,
            .inputRequired,
            in: .modern,
            rule: "An input request is a method with valid params, without jsonrpc and id"
        ) { p in
            for (_, exchange) in try await inputResults(p) {
                for request in exchange.result?["inputRequests"]?.object?.members ?? [] {
                    let method = request.value["method"]?.string ?? ""
                    try p.expect(
                        ["elicitation/create", "sampling/createMessage", "roots/list"].contains(method),
                        "the method \"\(method)\"",
                        exchange
                    )
                    for name in ["jsonrpc", "id"] {
                        try p.expect(request.value[name] == nil, "a member \(name)", exchange)
                    }
                    let problem = paramsProblem(method, request.value["params"] ?? [:], p.revision)
                    try p.expect(problem == nil, "\(method): \(problem ?? "")", exchange)
                }
            }
        },
        Check(
            "S292",
            "sep-2322-respect-client-capabilities",
            .must,
            .inputRequired,
            in: .modern,
            rule: "Only input that the client of the request declares is requested"
        ) { p in
            let calls = try await inputResults(p).map(\.call)
            let session = try await p.capable()
            for call in calls.prefix(8) {
                for declared: JSONObject in [
                    [:], ["roots": [:]], ["elicitation": ["form": [:]]], ["elicitation": ["url": [:]]],
                    ["sampling": [:]],
                ] {
                    let exchange = await session.request(
                        "tools/call",
                        ["name": .string(call.name), "arguments": .object(call.arguments)]
                    ) {
                        $0.setMeta(MetaKey.clientCapabilities.rawValue, .object(declared))
                    }
                    for request in exchange.result?["inputRequests"]?.object?.members ?? [] {
                        let problem = undeclared(request.value, declared)
                        try p.expect(problem == nil, "tool \(call.name): \(problem ?? "")", exchange)
                    }
                }
            }
        },
        Check(
            "S293",
            "sep-2322-not-on-unsupported-requests",
            .must,
            .inputRequired,
            in: .modern,
            phase: .passive,
            rule: "Only tools/call, prompts/get and resources/read request input"
        ) { p in
            for exchange in p.traffic.exchanges where exchange.result?["resultType"] == "input_required" {
                let method = exchange.method ?? ""
                try p.expect(["tools/call", "prompts/get", "resources/read"].contains(method), method, exchange)
            }
        },
        Check(
            "S294",
            "sep-2322-elicitation-complete",
            .must,
            .inputRequired,
            in: .modern,
            rule: "A repeated request with all responses completes"
        ) { p in
            for (call, _) in try await inputResults(p) {
                let isComplete = call.last.result != nil && call.last.result?["resultType"] != "input_required"
                try p.expect(isComplete, "tool \(call.name): \(call.last.outcome)", call.last)
            }
        },
        Check(
            "S295",
            "retry-on-another-connection",
            .must,
            .inputRequired,
            in: .modern,
            rule: "A repeated request completes on another connection, too"
        ) { p in
            let (call, first) = try await p.need(inputResults(p).first, "")
            let session = try await p.open(Probe.allCapabilities(in: p.revision))
            let params: JSONObject = ["name": .string(call.name), "arguments": .object(call.arguments)]
            let exchange = await session.request(
                "tools/call",
                Probe.retry(params, first.result ?? nil),
                within: p.options.callLimit
            )
            await p.close(session)
            try p.result(exchange, "tool \(call.name) on another connection")
        },
        Check(
            "S296",
            "sep-2322-reject-tampered-state",
            .must,
            .inputRequired,
            in: .modern,
            rule: "A changed request state is rejected"
        ) { p in
            let stateful = try await inputResults(p).filter { $0.exchange.result?["requestState"]?.string != nil }
            let session = try await p.capable()
            for (call, first) in try p.needAny(stateful, "a callable tool with a request state").prefix(4) {
                let state = first.result?["requestState"]?.string ?? ""
                let params: JSONObject = ["name": .string(call.name), "arguments": .object(call.arguments)]
                for changed in [flipped(state), String(state.dropLast(max(1, state.count / 2)))] {
                    var retry = Probe.retry(params, first.result ?? nil)
                    retry["requestState"] = .string(changed)
                    let exchange = await session.request("tools/call", retry, within: p.options.callLimit)
                    try p.expectRefusal(exchange, "tool \(call.name) with a changed state")
                }
            }
        },
        Check(
            "S297",
            "state-bound-to-arguments",
            .should,
            .inputRequired,
            in: .modern,
            rule: "A request state does not count for another tool"
        ) { p in
            let stateful = try await inputResults(p).filter { $0.exchange.result?["requestState"]?.string != nil }
            guard stateful.count > 1 else { throw Verdict.Stop.inconclusive("two callable tools with a request state") }
            let session = try await p.capable()
            let (call, other) = (stateful[0].call, stateful[1].exchange)
            var retry = Probe.retry(
                ["name": .string(call.name), "arguments": .object(call.arguments)],
                stateful[0].exchange.result ?? nil
            )
            retry["requestState"] = other.result?["requestState"]
            try p.expectRefusal(
                await session.request("tools/call", retry, within: p.options.callLimit),
                "tool \(call.name) with the state of another"
            )
        },
        Check(
            "S298",
            "sep-2322-ignore-unexpected-params",
            .should,
            .inputRequired,
            in: .modern,
            rule: "Unknown keys of inputResponses are ignored"
        ) { p in
            let (call, first) = try await p.need(inputResults(p).first, "")
            var retry = Probe.retry(
                ["name": .string(call.name), "arguments": .object(call.arguments)],
                first.result ?? nil
            )
            var responses = retry["inputResponses"]?.object ?? [:]
            responses["unknown_key_7"] = ["action": "accept"]
            retry["inputResponses"] = .object(responses)
            try p.result(
                try await p.capable().request("tools/call", retry, within: p.options.callLimit),
                "tool \(call.name)"
            )
        },
        Check(
            "S299",
            "sep-2322-missing-response-rerequests",
            .should,
            .inputRequired,
            in: .modern,
            rule: "A missing response is requested again"
        ) { p in
            let asking = try await inputResults(p).filter {
                $0.exchange.result?["inputRequests"]?.object?.isEmpty == false
            }
            let (call, first) = try p.need(asking.first, "a callable tool with an input request")
            var retry = Probe.retry(
                ["name": .string(call.name), "arguments": .object(call.arguments)],
                first.result ?? nil
            )
            retry["inputResponses"] = [:]
            let exchange = try await p.capable().request("tools/call", retry, within: p.options.callLimit)
            try p.expect(
                exchange.result?["resultType"] == "input_required",
                "tool \(call.name): \(exchange.outcome)",
                exchange
            )
        },
        Check(
            "S300",
            "sep-2322-validate-input-responses",
            .should,
            .inputRequired,
            in: .modern,
            rule: "A malformed input response gets an error"
        ) { p in
            let asking = try await inputResults(p).filter {
                $0.exchange.result?["inputRequests"]?.object?.isEmpty == false
            }
            let (call, first) = try p.need(asking.first, "a callable tool with an input request")
            var retry = Probe.retry(
                ["name": .string(call.name), "arguments": .object(call.arguments)],
                first.result ?? nil
            )
            retry["inputResponses"] = .object(
                JSONObject((first.result?["inputRequests"]?.object?.keys ?? []).map { .init(key: $0, value: 7) })
            )
            let exchange = try await p.capable().request("tools/call", retry, within: p.options.callLimit)
            try p.expectRefusal(exchange, "tool \(call.name) with the number 7 as a response")
        },
        Check(
            "S301",
            "elicitation-declined",
            .must,
            .elicitation,
            in: .modern,
            rule: "Declined and cancelled input is handled"
        ) { p in
            let asking = try await inputResults(p).filter { result in
                result.exchange.result?["inputRequests"]?.object?.members.contains {
                    $0.value["method"] == "elicitation/create"
                } ?? false
            }
            let (call, first) = try p.need(asking.first, "a callable tool that requests a form")
            for action in ["decline", "cancel"] {
                var retry = Probe.retry(
                    ["name": .string(call.name), "arguments": .object(call.arguments)],
                    first.result ?? nil
                )
                var responses = retry["inputResponses"]?.object ?? [:]
                for request in first.result?["inputRequests"]?.object?.members ?? []
                where request.value["method"] == "elicitation/create" {
                    responses[request.key] = ["action": .string(action)]
                }
                retry["inputResponses"] = .object(responses)
                let exchange = try await p.capable().request("tools/call", retry, within: p.options.callLimit)
                try p.expect(exchange.response != nil, "tool \(call.name), \(action): \(exchange.outcome)", exchange)
                try p.expect(
                    exchange.errorCode != -32603,
                    "tool \(call.name), \(action): \(exchange.outcome)",
                    exchange
                )
            }
        },
        Check(
            "S302",
            "sep-2322-multi-round",
            .advice,
            .inputRequired,
            in: .modern,
            rule: "A tool with several rounds ends"
        ) { p in
            let several = try await p.capableCalls().filter { $0.exchanges.count > 2 }
            for call in try p.needAny(several, "a callable tool with several rounds") {
                try p.expect(call.exchanges.count < 10, "tool \(call.name): \(call.exchanges.count) rounds", call.last)
            }
        },
        Check(
            "S303",
            "input-required-result-non-tool-request",
            .advice,
            .inputRequired,
            in: .modern,
            needs: "prompts",
            rule: "A prompt that requests input completes with it"
        ) { p in
            let session = try await p.capable()
            var didSee = false
            for prompt in p.catalog.prompts.prefix(20) {
                let params: JSONObject = [
                    "name": prompt["name"] ?? "", "arguments": .object(p.options.samples.arguments(ofPrompt: prompt)),
                ]
                let rounds = await p.complete("prompts/get", params, in: session)
                guard rounds.count > 1 else { continue }
                didSee = true
                try p.result(rounds[rounds.count - 1], "prompt \(label(prompt))")
            }
            if !didSee { throw Verdict.Stop.inconclusive("a prompt that requests input") }
        },
    ]

    /// The first results that request input, by calls of a client that declares everything.
    private static func inputResults(_ p: Probe) async throws -> [(call: Probe.ToolCall, exchange: Exchange)] {
        let results = try await p.capableCalls().compactMap { call in
            call.exchanges.first { $0.result?["resultType"] == "input_required" }.map { (call, $0) }
        }
        return try p.needAny(results, "a callable tool that requests input from the client")
    }

    private static func flipped(_ text: String) -> String {
        guard let last = text.last else { return "x" }
        return text.dropLast() + (last == "A" ? "B" : "A")
    }

    static func paramsProblem(_ method: String, _ params: JSONValue, _ revision: Revision) -> String? {
        guard let object = params.object else { return "params is \(params.typeName)" }
        return switch method {
        case "elicitation/create": ElicitParams(json: object).problems(in: revision).first?.description
        case "sampling/createMessage": CreateMessageParams(json: object).problems(in: revision).first?.description
        default: nil
        }
    }

    /// Why an input request needs something that the client did not declare; nil if it does not.
    static func undeclared(_ request: JSONValue, _ declared: JSONObject) -> String? {
        let method = request["method"]?.string ?? ""
        let capability = method.split(separator: "/").first.map(String.init) ?? ""
        guard let own = declared[capability] else { return "\(method) without the capability \(capability)" }
        if capability == "elicitation" {
            let mode = request["params"]?["mode"]?.string ?? "form"
            let isAllowed = own[mode] != nil || mode == "form" && own.object?.isEmpty == true
            return isAllowed ? nil : "elicitation of the mode \(mode) without its capability"
        }
        let usesTools = request["params"]?["tools"] != nil || request["params"]?["toolChoice"] != nil
        return capability == "sampling" && usesTools && own["tools"] == nil
            ? "sampling with tools without sampling.tools" : nil
    }

    /// Requests of the server in the legacy era.
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
            for action in ["decline", "cancel"] {
                let session = try await p.open(Probe.allCapabilities(in: p.revision))
                let capabilities = session.capabilities
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
                await p.close(session)
            }
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
            let session = try await p.open(["roots": ["listChanged": true]])
            let exchange = await session.notify("notifications/roots/list_changed")
            let after = await p.ordinary(session)
            await p.close(session)
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
