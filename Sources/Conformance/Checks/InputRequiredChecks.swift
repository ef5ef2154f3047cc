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
}
