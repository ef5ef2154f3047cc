import JSON
import MCP
import Tester

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
            for exchange in try await inputResults(p).map(\.exchange) {
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
            for input in try await inputResults(p) {
                let exchange = input.exchange
                for request in input.requests {
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
                    let exchange = await session.request("tools/call", call.params) {
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
            for call in try await inputResults(p).map(\.call) {
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
            let input = try await p.need(inputResults(p).first, "")
            let session = try await p.open(Probe.allCapabilities(in: p.revision))
            let exchange = await session.request("tools/call", input.retry, within: p.options.callLimit)
            await p.close(session)
            try p.result(exchange, "tool \(input.call.name) on another connection")
        },
        Check(
            "S296",
            "sep-2322-reject-tampered-state",
            .must,
            .inputRequired,
            in: .modern,
            rule: "A changed request state is rejected"
        ) { p in
            let stateful = try await inputResults(p).filter { $0.state != nil }
            for input in try p.needAny(stateful, "a callable tool with a request state").prefix(4) {
                let state = input.state ?? ""
                for changed in [flipped(state), String(state.dropLast(max(1, state.count / 2)))] {
                    let exchange = try await repeated(input, p) { $0["requestState"] = .string(changed) }
                    try p.expectRefusal(exchange, "tool \(input.call.name) with a changed state")
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
            let stateful = try await inputResults(p).filter { $0.state != nil }
            guard stateful.count > 1 else { throw Verdict.Stop.inconclusive("two callable tools with a request state") }
            let other = stateful[1].state.map(JSONValue.string)
            let exchange = try await repeated(stateful[0], p) { $0["requestState"] = other }
            try p.expectRefusal(exchange, "tool \(stateful[0].call.name) with the state of another")
        },
        Check(
            "S298",
            "sep-2322-ignore-unexpected-params",
            .should,
            .inputRequired,
            in: .modern,
            rule: "Unknown keys of inputResponses are ignored"
        ) { p in
            let input = try await p.need(inputResults(p).first, "")
            let exchange = try await repeated(input, p) { retry in
                var responses = retry["inputResponses"]?.object ?? [:]
                responses["unknown_key_7"] = ["action": "accept"]
                retry["inputResponses"] = .object(responses)
            }
            try p.result(exchange, "tool \(input.call.name)")
        },
        Check(
            "S299",
            "sep-2322-missing-response-rerequests",
            .should,
            .inputRequired,
            in: .modern,
            rule: "A missing response is requested again"
        ) { p in
            let input = try await asking(p)
            let exchange = try await repeated(input, p) { $0["inputResponses"] = [:] }
            try p.expect(
                exchange.result?["resultType"] == "input_required",
                "tool \(input.call.name): \(exchange.outcome)",
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
            let input = try await asking(p)
            let exchange = try await repeated(input, p) {
                $0["inputResponses"] = .object(JSONObject(input.requests.map { .init(key: $0.key, value: 7) }))
            }
            try p.expectRefusal(exchange, "tool \(input.call.name) with the number 7 as a response")
        },
        Check(
            "S301",
            "elicitation-declined",
            .must,
            .elicitation,
            in: .modern,
            rule: "Declined and cancelled input is handled"
        ) { p in
            let isForm = { (request: JSONObject.Member) in request.value["method"] == "elicitation/create" }
            let asking = try await inputResults(p).first { $0.requests.contains(where: isForm) }
            let input = try p.need(asking, "a callable tool that requests a form")
            for action in ["decline", "cancel"] {
                let exchange = try await repeated(input, p) { retry in
                    var responses = retry["inputResponses"]?.object ?? [:]
                    for request in input.requests where isForm(request) {
                        responses[request.key] = ["action": .string(action)]
                    }
                    retry["inputResponses"] = .object(responses)
                }
                let isHandled = exchange.response != nil && exchange.errorCode != -32603
                try p.expect(isHandled, "tool \(input.call.name), \(action): \(exchange.outcome)", exchange)
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

    /// A result that requests input.
    private struct InputResult {
        let call: Probe.ToolCall
        let exchange: Exchange

        var requests: [JSONObject.Member] { exchange.result?["inputRequests"]?.object?.members ?? [] }
        var state: String? { exchange.result?["requestState"]?.string }
        /// The parameters of the repeated request, with all responses.
        var retry: JSONObject { Probe.retry(call.params, exchange.result ?? nil) }
    }

    /// The first results that request input, by calls of a client that declares everything.
    private static func inputResults(_ p: Probe) async throws -> [InputResult] {
        let results = try await p.capableCalls().compactMap { call in
            call.exchanges.first { $0.result?["resultType"] == "input_required" }.map {
                InputResult(call: call, exchange: $0)
            }
        }
        return try p.needAny(results, "a callable tool that requests input from the client")
    }

    /// A result that has requests, not only a state.
    private static func asking(_ p: Probe) async throws -> InputResult {
        try await p.need(inputResults(p).first { !$0.requests.isEmpty }, "a callable tool with an input request")
    }

    /// Repeats a request with responses that a check changes.
    private static func repeated(_ input: InputResult, _ p: Probe, _ change: (inout JSONObject) -> Void) async throws
        -> Exchange
    {
        var retry = input.retry
        change(&retry)
        return try await p.capable().request("tools/call", retry, within: p.options.callLimit)
    }

    private static func flipped(_ text: String) -> String {
        guard let last = text.last else { return "x" }
        return text.dropLast() + (last == "A" ? "B" : "A")
    }
}
