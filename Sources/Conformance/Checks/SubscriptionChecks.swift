import JSON
import MCP

extension Check {
    /// Subscriptions.
    static let subscriptions: [Check] = [
        Check(
            "S310",
            "sep-2575-server-sends-subscription-ack",
            .must,
            .subscriptions,
            in: .modern,
            rule: "The first message of a subscription is its acknowledgement, with the ID of the request"
        ) { p in
            let id: JSONValue = "subscription-310"
            let exchange = try await listening(everything(p), p, id: id)
            let first = exchange.received.compactMap(\.value).first
            try p.expect(
                first?["method"] == "notifications/subscriptions/acknowledged",
                "\(first?["method"] ?? first?["error"] ?? nil)",
                exchange
            )
            try p.expect(
                first?["params"]?["_meta"]?[MetaKey.subscriptionID.rawValue] == id,
                "the ID \(first?["params"]?["_meta"]?[MetaKey.subscriptionID.rawValue] ?? nil)",
                exchange
            )
        },
        Check(
            "S311",
            "subscription-filter-subset",
            .must,
            .subscriptions,
            in: .modern,
            rule: "The acknowledgement has only what was requested"
        ) { p in
            let requested: JSONObject = ["promptsListChanged": true]
            let exchange = try await listening(requested, p)
            for member in acknowledged(exchange)?.object?.members ?? []
            where member.value != false && member.value.array?.isEmpty != true {
                try p.expect(requested[member.key] != nil, "the filter \(member.key)", exchange)
            }
        },
        Check(
            "S312",
            "sep-2575-server-tags-subscription-id",
            .must,
            .subscriptions,
            in: .modern,
            phase: .passive,
            rule: "Everything on a subscription has its ID"
        ) { p in
            var didSee = false
            for exchange in p.traffic.exchanges where exchange.method == "subscriptions/listen" {
                for note in exchange.notifications where isSubscribable(note) {
                    didSee = true
                    let tag = note["params"]?["_meta"]?[MetaKey.subscriptionID.rawValue] ?? nil
                    try p.expect(
                        tag == exchange.message["id"] && tag.typeName == exchange.message["id"]?.typeName,
                        "\(note["method"] ?? nil) with the ID \(tag)",
                        exchange
                    )
                }
            }
            if !didSee { throw Verdict.Stop.notApplicable("a subscription") }
        },
        Check(
            "S313",
            "sep-2575-server-honors-notification-filter",
            .must,
            .subscriptions,
            in: .modern,
            phase: .passive,
            rule: "Types that were not requested are not delivered"
        ) { p in
            for exchange in p.traffic.exchanges where exchange.method == "subscriptions/listen" {
                let filter = exchange.message["params"]?["notifications"] ?? nil
                for note in exchange.notifications {
                    let key: String? =
                        switch note["method"] {
                        case "notifications/tools/list_changed": "toolsListChanged"
                        case "notifications/prompts/list_changed": "promptsListChanged"
                        case "notifications/resources/list_changed": "resourcesListChanged"
                        case "notifications/resources/updated": "resourceSubscriptions"
                        default: nil
                        }
                    guard let key else { continue }
                    try p.expect(filter[key] != nil && filter[key] != false, "\(note["method"] ?? nil)", exchange)
                }
            }
        },
        Check(
            "S314",
            "empty-filter-delivers-nothing",
            .must,
            .subscriptions,
            in: .modern,
            rule: "A subscription without types delivers nothing"
        ) { p in
            let exchange = try await listening(["toolsListChanged": false, "promptsListChanged": false], p)
            let delivered = exchange.notifications.first { $0["method"] != "notifications/subscriptions/acknowledged" }
            try p.expect(delivered == nil, "\(delivered?["method"] ?? nil)", exchange)
        },
        Check(
            "S315",
            "two-subscriptions",
            .advice,
            .subscriptions,
            in: .modern,
            rule: "Two subscriptions at once are acknowledged, each with its own ID"
        ) { p in
            _ = try await listening(everything(p), p)
            let one = p.main.begin(
                "subscriptions/listen",
                ["notifications": .object(everything(p))],
                id: "subscription-a"
            )
            let two = p.main.begin(
                "subscriptions/listen",
                ["notifications": .object(everything(p))],
                id: "subscription-b"
            )
            for (pending, id) in [(one, "subscription-a"), (two, "subscription-b")]
                as [(any PendingExchange, JSONValue)]
            {
                let exchange = await pending.next(within: p.options.limit) {
                    isAcknowledgement($0, id) || $0["id"] == id
                }
                try p.expect(
                    exchange.received.compactMap(\.value).contains { isAcknowledgement($0, id) },
                    "no acknowledgement of \(id)",
                    exchange
                )
            }
            end(one, "subscription-a", p)
            end(two, "subscription-b", p)
        },
        Check(
            "S316",
            "cancellation-ends-subscription",
            .must,
            .subscriptions,
            in: .modern,
            on: .stdio,
            rule: "After its cancellation, nothing comes for a subscription"
        ) { p in
            _ = try await listening(everything(p), p, id: "subscription-316")
            // The first fence may still be followed by what was sent before the cancellation.
            _ = await p.main.fence()
            let before = p.main.wire.strays.count
            _ = await p.calls()
            let late = p.main.wire.strays.dropFirst(before).compactMap(\.value).first {
                $0["params"]?["_meta"]?[MetaKey.subscriptionID.rawValue] == "subscription-316"
            }
            try p.expect(late == nil, "\(late?["method"] ?? nil)")
        },
        Check(
            "S317",
            "subscription-is-stream",
            .must,
            .subscriptions,
            in: .modern,
            on: .http,
            rule: "The response of a subscription is an event stream"
        ) { p in
            let exchange = try await listening(everything(p), p)
            try p.expect(
                exchange.http?.isStream == true,
                "Content-Type \(exchange.http?.mediaType ?? "missing")",
                exchange
            )
        },
        Check(
            "S319",
            "no-progress-or-logs-on-subscription",
            .must,
            .subscriptions,
            in: .modern,
            on: .http,
            phase: .passive,
            rule: "Subscriptions carry no progress and no log messages"
        ) { p in
            for exchange in p.traffic.exchanges where exchange.method == "subscriptions/listen" {
                let wrong = exchange.notifications.first {
                    ["notifications/progress", "notifications/message"].contains($0["method"] ?? nil)
                }
                try p.expect(wrong == nil, "\(wrong?["method"] ?? nil)", exchange)
            }
        },
        Check(
            "S320",
            "subscription-without-filter",
            .must,
            .subscriptions,
            in: .modern,
            rule: "subscriptions/listen without notifications gets error -32602"
        ) { p in
            let exchange = await p.request("subscriptions/listen", within: .seconds(2))
            if exchange.errorCode == Probe.methodNotFound { throw Verdict.Stop.notApplicable("subscriptions/listen") }
            try p.expectError(exchange, -32602)
        },
        Check(
            "S321",
            "declared-subscriptions-exist",
            .advice,
            .subscriptions,
            in: .modern,
            rule: "A server that declares listChanged or subscribe has subscriptions/listen"
        ) { p in
            guard Self.declares(p) else { throw Verdict.Stop.notApplicable("a capability listChanged or subscribe") }
            let exchange = await listen(everything(p), p)
            try p.expect(exchange.errorCode != Probe.methodNotFound, exchange.outcome, exchange)
        },
    ]

    private static func declares(_ p: Probe) -> Bool {
        ["tools.listChanged", "prompts.listChanged", "resources.listChanged", "resources.subscribe"].contains {
            p.has(capability: $0)
        }
    }

    private static func everything(_ p: Probe) -> JSONObject {
        var filter: JSONObject = [:]
        for (path, key) in [
            ("tools.listChanged", "toolsListChanged"), ("prompts.listChanged", "promptsListChanged"),
            ("resources.listChanged", "resourcesListChanged"),
        ] where p.has(capability: path) {
            filter[key] = true
        }
        if filter.isEmpty { filter["toolsListChanged"] = true }
        return filter
    }

    private static func isAcknowledgement(_ value: JSONValue, _ id: JSONValue) -> Bool {
        value["method"] == "notifications/subscriptions/acknowledged"
            && value["params"]?["_meta"]?[MetaKey.subscriptionID.rawValue] == id
    }

    private static func isSubscribable(_ note: JSONValue) -> Bool {
        let method = note["method"]?.string ?? ""
        return method.hasSuffix("/list_changed")
            || ["notifications/resources/updated", "notifications/subscriptions/acknowledged"].contains(method)
    }

    private static func end(_ pending: any PendingExchange, _ id: JSONValue, _ p: Probe) {
        pending.cancel()
        if !p.isHTTP { p.main.send(notification: "notifications/cancelled", ["requestId": id]) }
    }

    /// The filter of the acknowledgement.
    static func acknowledged(_ exchange: Exchange) -> JSONValue? {
        exchange.notifications.first { $0["method"] == "notifications/subscriptions/acknowledged" }?["params"]?[
            "notifications"
        ]
    }

    /// Subscribes, waits for the first message, and ends the subscription.
    static func listen(_ filter: JSONObject, _ p: Probe, id: JSONValue? = nil) async -> Exchange {
        let id = id ?? .string("listen-\(p.traffic.entries.count)")
        let pending = p.main.begin("subscriptions/listen", ["notifications": .object(filter)], id: id)
        var exchange = await pending.next(within: p.options.limit) { $0["id"] == id || isSubscribable($0) }
        // What follows at once belongs to it, too.
        _ = await p.ordinary()
        exchange = await pending.next(within: .zero) { _ in false }
        end(pending, id, p)
        p.traffic.add(exchange, p.main)
        return exchange
    }

    /// Subscribes; not applicable if the server has no subscriptions.
    private static func listening(_ filter: JSONObject, _ p: Probe, id: JSONValue? = nil) async throws -> Exchange {
        let exchange = await listen(filter, p, id: id)
        if exchange.errorCode == Probe.methodNotFound { throw Verdict.Stop.notApplicable("subscriptions/listen") }
        return exchange
    }
}
