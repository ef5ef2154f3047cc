import JSON

/// What each list was before and after tools were called, and what was announced meanwhile.
struct ListChanges {
    private(set) var before: [Catalog.Kind: Exchange] = [:]
    private(set) var after: [Catalog.Kind: Exchange] = [:]
    /// The methods of the notifications that came.
    private(set) var announced: Set<JSONValue> = []

    /// Calls the tools that may be called, in the stateless era with a subscription.
    init(_ p: Probe) async {
        let kinds = [Catalog.Kind.tools, .resources, .prompts].filter {
            p.has(capability: "\($0.capability).listChanged")
        }
        let calls = await p.quickCallable()
        let session = p.main
        let filter = JSONObject(kinds.map { .init(key: "\($0.rawValue)ListChanged", value: true) })
        let pending =
            p.isModern ? session.begin("subscriptions/listen", ["notifications": .object(filter)], id: "changes") : nil
        _ = await pending?.next(within: p.options.limit) { $0["method"] != nil || $0["error"] != nil }
        let mark = session.wire.strays.count
        for kind in kinds { before[kind] = await session.request(kind.method) }
        for call in calls { _ = await p.call(call.tool, call.arguments, in: session) }
        for kind in kinds { after[kind] = await session.request(kind.method) }
        var received = session.wire.strays.dropFirst(mark).compactMap(\.value)
        if let pending {
            received += await pending.next(within: .zero) { _ in false }.notifications
            pending.cancel()
            if !p.isHTTP { session.send(notification: "notifications/cancelled", ["requestId": "changes"]) }
        }
        announced = Set(received.compactMap { $0["method"] })
    }

    /// Whether a list is another one than before.
    func isOther(_ kind: Catalog.Kind) -> Bool {
        before[kind]?.result?[kind.rawValue] != after[kind]?.result?[kind.rawValue]
    }
}
