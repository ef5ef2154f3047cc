import JSON
import MCP

extension Check {
    /// The form of messages and errors.
    static let jsonRPC: [Check] = [
        Check(
            "S001",
            "response-id-matches",
            .must,
            .messages,
            rule: "A response has the ID of its request, in the same JSON type"
        ) { p in
            let largest: Int64 = (1 << 53) - 1
            for id: JSONValue in [7001, "7001", "a-b", JSONValue(largest)] {
                let exchange = await p.ordinary(id: id)
                try p.expect(exchange.response != nil, "request with the ID \(id): \(exchange.outcome)", exchange)
                let theirs = exchange.response?["id"] ?? nil
                let isSame = theirs == id && theirs.typeName == id.typeName
                try p.expect(isSame, "request with the ID \(id): the response has the ID \(theirs)", exchange)
            }
        },
        Check(
            "S002",
            "response-has-result-or-error",
            .must,
            .messages,
            phase: .passive,
            rule: "A response has either a result or an error"
        ) { p in
            for exchange in p.traffic.exchanges {
                for value in exchange.received.compactMap(\.value) where value.object != nil && value["method"] == nil {
                    let members = [value["result"], value["error"]].compactMap(\.self)
                    try p.expect(
                        members.count == 1,
                        "a message with \(members.isEmpty ? "neither" : "both"): \(value)",
                        exchange
                    )
                }
            }
        },
        Check(
            "S003",
            "error-form",
            .must,
            .messages,
            phase: .passive,
            rule: "An error has an integer as its code and a string as its message"
        ) { p in
            let errors = p.traffic.exchanges.filter { $0.error != nil }
            for exchange in try p.needAny(errors, "an error of the server") {
                try p.expect(
                    exchange.error?["code"]?.int != nil,
                    "the code \(exchange.error?["code"] ?? nil)",
                    exchange
                )
                try p.expect(
                    exchange.error?["message"]?.string != nil,
                    "the message \(exchange.error?["message"] ?? nil)",
                    exchange
                )
            }
        },
        Check("S004", "no-response-to-notifications", .must, .messages, rule: "Notifications get no response") { p in
            for (method, params) in [
                ("notifications/cancelled", ["requestId": "unknown-7"] as JSONObject), ("notifications/unknown", [:]),
            ] {
                let exchange = await p.main.notify(method, params)
                let isRefused = (exchange.status ?? 0) >= 400
                try p.expect(exchange.responseIndex == nil || isRefused, "a response to \(method)", exchange)
                if let status = exchange.status {
                    try p.expect(status == 202 || isRefused, "\(method): HTTP \(status)", exchange)
                }
            }
        },
        Check(
            "S005",
            "parse-error",
            .should,
            .messages,
            rule: "A message that is not JSON gets error -32700, and the connection stays usable"
        ) { p in
            let exchange = await p.main.provoke(#"{"jsonrpc": "2.0", "id": 1, "method""#)
            let after = await p.ordinary()
            try p.expect(after.response != nil, "the next request: \(after.outcome)", exchange, after)
            try p.expectError(exchange, -32700)
        },
        Check(
            "S006",
            "invalid-request",
            .should,
            .messages,
            rule: "A message without a method, or with another jsonrpc, gets error -32600"
        ) { p in
            let exchange = await p.main.provoke(#"{"jsonrpc": "2.0", "id": 61}"#)
            try p.expectError(exchange, -32600, "a message without a method")
            let wrong = await p.main.provoke(p.ordinaryMethod) { $0.message["jsonrpc"] = "1.0" }
            try p.expectError(wrong, -32600, "a request with jsonrpc 1.0")
        },
        Check("S007", "method-not-found", .must, .messages, rule: "An unknown method gets error -32601") { p in
            try p.expectError(await p.request("no/such/method"), -32601)
        },
        Check("S008", "null-id-rejected", .advice, .messages, rule: "A request with the ID null is not served") { p in
            let exchange = await p.main.provoke(p.ordinaryMethod, id: .null) { _ in }
            try p.expect(exchange.received.allSatisfy { $0.value?["result"] == nil }, exchange.outcome, exchange)
        },
        Check(
            "S009",
            "batch-accepted",
            .must,
            .messages,
            in: .only(.v2025_03_26),
            rule: "A batch of two requests gets a response for each"
        ) { p in
            let (one, two) = (p.main.draft(p.ordinaryMethod), p.main.draft("ping"))
            let batch: JSONValue = [.object(one.message), .object(two.message)]
            let wanted = [one.message["id"] ?? nil, two.message["id"] ?? nil]
            let pending = p.main.begin("ping") {
                $0.bytes = Array(batch.description.utf8)
                $0.message["id"] = "no single response"
            }
            let isComplete: @Sendable (JSONValue) -> Bool = { value in
                (value.array ?? [value]).contains { $0["id"] == wanted[1] }
            }
            // Where messages travel in order, the response to a later request ends the waiting.
            if !p.isHTTP { _ = await p.main.fence(within: .seconds(2)) }
            var exchange = await pending.next(within: p.isHTTP ? p.options.limit : .milliseconds(500), isComplete)
            // Separate responses may come in any order.
            if answers(exchange).count < 2 {
                exchange = await pending.next(within: .milliseconds(300)) { $0["id"] == wanted[0] }
            }
            pending.cancel()
            // Responses to other requests would only confuse.
            exchange.received.removeAll { message in
                guard let id = message.value?["id"], message.value?["method"] == nil else { return false }
                return !wanted.contains(id)
            }
            exchange.responseIndex = nil
            let ids = answers(exchange).map { $0["id"] ?? nil }
            for id in wanted {
                try p.expect(ids.contains(id), "no response to the request \(id) of the batch", exchange)
            }
        },
        Check(
            "S010",
            "batch-rejected",
            .advice,
            .messages,
            in: .since(.v2025_06_18),
            rule: "An array of messages is rejected, because batches were removed"
        ) { p in
            let batch: JSONValue = [.object(p.main.draft(p.ordinaryMethod).message)]
            let exchange = await p.main.provoke(batch.description)
            try p.expect(
                answers(exchange).allSatisfy { $0["result"] == nil },
                "a result: \(exchange.outcome)",
                exchange
            )
        },
        Check(
            "S011",
            "utf8-survives",
            .must,
            .transports,
            in: .since(.v2025_03_26),
            rule: "Text that is not ASCII arrives unchanged"
        ) { p in
            let text = "Grüße, 世界 🚀"
            let exchange = await p.request("no/such/method/\(text)", id: .string("id-\(text)"))
            try p.expect(exchange.response != nil, exchange.outcome, exchange)
            try p.expect(
                exchange.response?["id"] == .string("id-\(text)"),
                "the ID \(exchange.response?["id"] ?? nil)",
                exchange
            )
        },
        Check("S012", "interleaved-requests", .advice, nil, rule: "20 requests at once get one response each") { p in
            let all = (1...20).map { number in p.main.begin(p.ordinaryMethod, id: .string("burst-\(number)")) }
            for pending in all {
                let exchange = await p.main.finish(pending)
                try p.expect(exchange.response != nil, exchange.outcome, exchange)
            }
            _ = await p.main.fence()
            for number in 1...20 {
                let count = p.main.wire.strays.count { $0.value?["id"] == .string("burst-\(number)") }
                try p.expect(count == 1, "\(count) responses to the request burst-\(number)")
            }
        },
        Check(
            "S013",
            "removed-error-codes",
            .must,
            .messages,
            in: .modern,
            phase: .passive,
            rule: "Errors do not have the removed codes -32002 and -32042"
        ) { p in
            for exchange in p.traffic.exchanges {
                try p.expect(![-32002, -32042].contains(exchange.errorCode), exchange.outcome, exchange)
            }
        },
        Check(
            "S014",
            "reserved-error-codes",
            .must,
            .messages,
            in: .modern,
            phase: .passive,
            rule: "Error codes from -32099 to -32020 are only those that the specification defines"
        ) { p in
            for exchange in p.traffic.exchanges {
                guard let code = exchange.errorCode, (-32099 ... -32020).contains(code) else { continue }
                try p.expect([-32020, -32021, -32022].contains(code), exchange.outcome, exchange)
            }
        },
        Check(
            "S015",
            "implementation-error-codes",
            .should,
            .messages,
            in: .modern,
            phase: .passive,
            rule: "Errors do not have codes from -32019 to -32000"
        ) { p in
            for exchange in p.traffic.exchanges {
                try p.expect(!(-32019 ... -32000).contains(exchange.errorCode ?? 0), exchange.outcome, exchange)
            }
        },
        Check(
            "S016",
            "sep-2575-http-server-no-independent-requests-on-stream",
            .must,
            .messages,
            in: .modern,
            phase: .passive,
            rule: "The server never sends a request"
        ) { p in
            for exchange in p.traffic.exchanges {
                let request = exchange.requests.first
                try p.expect(request == nil, "a request: \(request?["method"] ?? nil)", exchange)
            }
        },
        Check(
            "S017",
            "messages-match-schema",
            .must,
            .messages,
            phase: .passive,
            rule: "Every result and notification matches the schema of the revision"
        ) { p in
            for exchange in p.traffic.exchanges {
                if let problem = MessageSchema.problem(in: exchange, revision: p.revision) {
                    try p.expect(false, problem, exchange)
                }
            }
        },
        Check(
            "S018",
            "unknown-members-ignored",
            .advice,
            .messages,
            rule: "Unknown members of params and _meta do not break a request"
        ) { p in
            let exchange = await p.ordinary {
                $0.setParam("com_example_unknown", ["a": 1])
                $0.setMeta("com.example/unknown", true)
            }
            try p.result(exchange)
        },
        Check(
            "S019",
            "meta-key-grammar",
            .must,
            .messages,
            in: .since(.v2025_06_18),
            phase: .passive,
            rule: "Keys of _meta follow the grammar, and reserved prefixes are used only as the specification says"
        ) { p in
            for exchange in p.traffic.exchanges {
                for value in exchange.received.compactMap(\.value) {
                    for key in metaKeys(value) {
                        let meta = MetaKey(rawValue: key)
                        try p.expect(meta.isWellFormed, "the key \"\(key)\" in _meta", exchange)
                        let isKnown = knownMeta.contains(key) || key.hasPrefix("io.modelcontextprotocol.ui/")
                        try p.expect(
                            !meta.isReserved(in: p.revision) || isKnown,
                            "the reserved key \"\(key)\"",
                            exchange
                        )
                    }
                }
            }
        },
        Check(
            "S020",
            "no-invented-id",
            .advice,
            .messages,
            in: .since(.v2025_11_25),
            rule: "An error whose request could not be read has no ID"
        ) { p in
            let exchange = await p.main.provoke(#"{"jsonrpc": "2.0", "id": 1, "method""#)
            let id = exchange.received.compactMap(\.value).first { $0["error"] != nil }?["id"] ?? nil
            try p.expect(id.isNull, "an error with the ID \(id)", exchange)
        },
    ]

    /// The messages of an exchange that are responses, out of arrays too.
    private static func answers(_ exchange: Exchange) -> [JSONValue] {
        exchange.received.compactMap(\.value).flatMap { $0.array ?? [$0] }
            .filter { $0["result"] != nil || $0["error"] != nil }
    }

    private static let knownMeta: Set<String> = [
        MetaKey.serverInfo.rawValue, MetaKey.subscriptionID.rawValue, MetaKey.relatedTask.rawValue,
        MetaKey.modelImmediateResponse.rawValue, MetaKey.protocolVersion.rawValue, MetaKey.clientInfo.rawValue,
        MetaKey.clientCapabilities.rawValue, MetaKey.logLevel.rawValue,
    ]

    /// The keys of the message's own `_meta`, and of those of its items.
    private static func metaKeys(_ value: JSONValue) -> [String] {
        var keys = value["params"]?["_meta"]?.object?.keys ?? []
        let result = value["result"]
        keys += result?["_meta"]?.object?.keys ?? []
        for list in ["tools", "resources", "resourceTemplates", "prompts", "content", "contents"] {
            for item in result?[list]?.array ?? [] { keys += item["_meta"]?.object?.keys ?? [] }
        }
        return keys
    }
}
