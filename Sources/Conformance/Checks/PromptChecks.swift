import JSON
import MCP
import Tester

extension Check {
    /// Prompts, and the completion of arguments.
    static let prompts: [Check] = [
        Check(
            "S230",
            "prompts-capability",
            .must,
            .prompts,
            rule: "A server with prompts declares the capability prompts"
        ) { p in
            guard p.capabilities["prompts"] == nil else { return }
            let exchange = await p.request("prompts/list")
            let count = exchange.result?["prompts"]?.array?.count ?? 0
            try p.expect(count == 0, "\(count) prompts without the capability", exchange)
        },
        Check(
            "S231",
            "prompts-list",
            .must,
            .prompts,
            needs: "prompts",
            rule: "Every prompt has a name, and every argument of it, too"
        ) { p in
            for prompt in try p.requireAny(p.catalog.prompts, "a listed prompt") {
                let page = p.catalog.page(of: prompt, .prompts).first
                try p.expect(prompt["name"]?.string != nil, "\(prompt): no name", page)
                guard let arguments = prompt["arguments"], !arguments.isNull else { continue }
                try p.expect(arguments.array != nil, "\(label(prompt)): arguments is \(arguments.typeName)", page)
                for argument in arguments.array ?? [] {
                    try p.expect(argument["name"]?.string != nil, "\(label(prompt)): an argument without a name", page)
                    let required = argument["required"]
                    try p.expect(
                        required == nil || required?.bool != nil,
                        "\(label(prompt)): required \(required ?? nil)",
                        page
                    )
                }
            }
        },
        Check(
            "S232",
            "prompts-get",
            .must,
            .prompts,
            needs: "prompts",
            rule: "A prompt with its required arguments has messages of user or assistant with valid content"
        ) { p in
            for (prompt, exchange) in try await promptResults(p) {
                let result = try p.result(exchange, "prompt \(label(prompt))")
                if result["resultType"] == "input_required" { continue }
                let messages = result["messages"]?.array
                try p.expect(messages != nil, "prompt \(label(prompt)): no messages", exchange)
                for message in messages ?? [] {
                    try p.expect(
                        ["user", "assistant"].contains(message["role"] ?? nil),
                        "prompt \(label(prompt)): the role \(message["role"] ?? nil)",
                        exchange
                    )
                    try p.expect(
                        message["content"]?.object != nil,
                        "prompt \(label(prompt)): content \((message["content"] ?? nil).typeName)",
                        exchange
                    )
                }
            }
        },
        Check(
            "S233",
            "unknown-prompt",
            .should,
            .prompts,
            needs: "prompts",
            rule: "An unknown prompt gets error -32602"
        ) { p in
            try p.expectError(await p.request("prompts/get", ["name": "no_such_prompt_7"]), -32602)
        },
        Check(
            "S234",
            "missing-prompt-argument",
            .should,
            .prompts,
            needs: "prompts",
            rule: "A prompt without its required argument gets error -32602"
        ) { p in
            let prompts = p.catalog.prompts.filter { prompt in
                prompt["arguments"]?.array?.contains { $0["required"] == true } ?? false
            }
            for prompt in try p.requireAny(prompts, "a prompt with a required argument").prefix(5) {
                let exchange = await p.request("prompts/get", ["name": prompt["name"] ?? "", "arguments": [:]])
                try p.expectError(exchange, -32602, "prompt \(label(prompt))")
            }
        },
        Check(
            "S235",
            "prompt-content",
            .must,
            .prompts,
            needs: "prompts",
            rule: "Images, audio and resources in prompts are complete and valid"
        ) { p in
            for (prompt, exchange) in try await promptResults(p) {
                for message in exchange.result?["messages"]?.array ?? [] {
                    guard let block = message["content"]?.object else { continue }
                    let problem = ContentBlock(json: block).problems(in: p.revision).first
                    try p.expect(problem == nil, "prompt \(label(prompt)): \(problem?.description ?? "")", exchange)
                }
            }
        },
        Check(
            "S236",
            "prompts-list-changed-announced",
            .should,
            .prompts,
            needs: "prompts.listChanged",
            rule: "A changed list of prompts is announced"
        ) { p in
            try await changeIsAnnounced(.prompts, "notifications/prompts/list_changed", p)
        },
        Check(
            "S237",
            "hostile-prompt-arguments",
            .must,
            .prompts,
            needs: "prompts",
            rule: "Prompt arguments are treated as data, whatever they contain"
        ) { p in
            let prompt = try p.require(
                p.catalog.prompts.first { !($0["arguments"]?.array?.isEmpty ?? true) },
                "a prompt with arguments"
            )
            for text in [
                "{{7*7}} ${7*7} <%= 7*7 %>", "\u{0}\u{1}", "../../etc/passwd", String(repeating: "A", count: 50_000),
            ] {
                var arguments: JSONObject = [:]
                for argument in prompt["arguments"]?.array ?? [] {
                    if let name = argument["name"]?.string { arguments[name] = .string(text) }
                }
                let exchange = await p.request(
                    "prompts/get",
                    ["name": prompt["name"] ?? "", "arguments": .object(arguments)]
                )
                try p.expect(exchange.response != nil, "prompt \(label(prompt)): \(exchange.outcome)", exchange)
                let isEvaluated = text.contains("7*7") && (exchange.result ?? nil).description.contains("49 ")
                try p.expect(!isEvaluated, "prompt \(label(prompt)): the argument was evaluated", exchange)
            }
        },
    ]

    /// Completion.
    static let completion: [Check] = [
        Check(
            "S240",
            "completions-capability",
            .must,
            .completion,
            in: .since(.v2025_03_26),
            rule: "A server that completes arguments declares the capability completions"
        ) { p in
            guard p.capabilities["completions"] == nil else { return }
            for (name, ref) in completable(p).prefix(10) {
                let exchange = await complete(p, ref: ref, argument: name)
                let isEmpty = exchange.result?["completion"]?["values"]?.array?.isEmpty ?? true
                try p.expect(isEmpty, "a completion without the capability", exchange)
                if exchange.errorCode == Probe.methodNotFound { return }
            }
        },
        Check(
            "S241",
            "completion-not-declared",
            .should,
            .completion,
            in: .since(.v2025_03_26),
            rule: "Without the capability completions, completion/complete gets error -32601"
        ) { p in
            guard p.capabilities["completions"] == nil else {
                throw Verdict.Stop.notApplicable("a server without completions")
            }
            try p.expectError(await complete(p, ref: someReference(p)), -32601)
        },
        Check(
            "S242",
            "completion-complete",
            .must,
            .completion,
            needs: "completions",
            rule: "A completion has at most 100 strings, and consistent total and hasMore"
        ) { p in
            for (name, ref) in try needCompletable(p).prefix(10) {
                let exchange = await complete(p, ref: ref, argument: name)
                let completion = try p.result(exchange)["completion"] ?? nil
                let values = completion["values"]?.array
                try p.expect(values != nil, "no values", exchange)
                try p.expect((values ?? []).allSatisfy { $0.string != nil }, "values that are not strings", exchange)
                try p.expect((values?.count ?? 0) <= 100, "\(values?.count ?? 0) values", exchange)
                if let total = completion["total"]?.int {
                    try p.expect(
                        total >= values?.count ?? 0,
                        "total \(total), but \(values?.count ?? 0) values",
                        exchange
                    )
                    let saysEnd = completion["hasMore"] == true && total <= values?.count ?? 0
                    try p.expect(!saysEnd, "hasMore, but all \(total) values", exchange)
                }
            }
        },
        Check(
            "S243",
            "completion-errors",
            .should,
            .completion,
            needs: "completions",
            rule: "An unknown prompt, and a missing argument, get error -32602"
        ) { p in
            let unknown = await complete(p, ref: ["type": "ref/prompt", "name": "no_such_prompt_7"])
            try p.expectError(unknown, -32602, "an unknown prompt")
            let missing = await p.request("completion/complete", ["ref": .object(someReference(p))])
            try p.expectError(missing, -32602, "without an argument")
        },
        Check(
            "S244",
            "completion-context",
            .advice,
            .completion,
            in: .since(.v2025_06_18),
            needs: "completions",
            rule: "context.arguments is accepted"
        ) { p in
            let (name, ref) = try p.need(needCompletable(p).first, "")
            let exchange = await complete(p, ref: ref, argument: name, context: ["arguments": ["other": "value"]])
            try p.result(exchange)
        },
        Check(
            "S245",
            "completion-not-input-required",
            .must,
            .inputRequired,
            in: .modern,
            needs: "completions",
            rule: "A completion never requests input"
        ) { p in
            let session = try await p.capable()
            let (name, ref) = try p.need(needCompletable(p).first, "")
            let exchange = await session.request(
                "completion/complete",
                ["ref": .object(ref), "argument": ["name": .string(name), "value": ""]]
            )
            try p.expect(exchange.result?["resultType"] != "input_required", "input_required", exchange)
        },
    ]

    private static func promptResults(_ p: Probe) async throws -> [(JSONValue, Exchange)] {
        var results: [(JSONValue, Exchange)] = []
        for prompt in try p.requireAny(p.catalog.prompts, "a listed prompt").prefix(30) {
            let arguments = p.options.samples.arguments(ofPrompt: prompt)
            let params: JSONObject = ["name": prompt["name"] ?? "", "arguments": .object(arguments)]
            var exchange = await p.request("prompts/get", params)
            if exchange.error?["data"]?["requiredCapabilities"] != nil {
                let rounds = await p.complete("prompts/get", params, in: try await p.capable())
                exchange = rounds[rounds.count - 1]
                // The revision may not have the capability.
                if exchange.error?["data"]?["requiredCapabilities"] != nil { continue }
            }
            results.append((prompt, exchange))
        }
        return results
    }

    private static func someReference(_ p: Probe) -> JSONObject {
        if let prompt = p.catalog.prompts.first { return ["type": "ref/prompt", "name": prompt["name"] ?? ""] }
        return ["type": "ref/resource", "uri": p.catalog.templates.first?["uriTemplate"] ?? "test://{id}"]
    }

    private static func needCompletable(_ p: Probe) throws -> [(String, JSONObject)] {
        try p.needAny(completable(p), "an argument of a prompt or a variable of a template")
    }

    /// The arguments of prompts and the variables of templates, each with its reference.
    private static func completable(_ p: Probe) -> [(String, JSONObject)] {
        var found: [(String, JSONObject)] = []
        for prompt in p.catalog.prompts {
            for argument in prompt["arguments"]?.array ?? [] {
                guard let name = argument["name"]?.string else { continue }
                found.append((name, ["type": "ref/prompt", "name": prompt["name"] ?? ""]))
            }
        }
        for template in p.catalog.templates {
            let text = template["uriTemplate"]?.string ?? ""
            do throws(URITemplate.Fault) {
                for name in try URITemplate(text).variables {
                    found.append((name, ["type": "ref/resource", "uri": .string(text)]))
                }
            } catch {
                // Reported by the check of templates.
            }
        }
        return found
    }

    private static func complete(_ p: Probe, ref: JSONObject, argument: String = "name", context: JSONValue? = nil)
        async -> Exchange
    {
        var params: JSONObject = ["ref": .object(ref), "argument": ["name": .string(argument), "value": ""]]
        params["context"] = context
        return await p.request("completion/complete", params)
    }
}
