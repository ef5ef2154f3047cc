import JSON
import MCP

extension Check {
    /// Changes of the list of tools.
    static let toolListChanges: [Check] = [
        Check(
            "S199",
            "tools-list-changed-announced",
            .should,
            .tools,
            in: .legacy,
            needs: "tools.listChanged",
            rule: "A changed list of tools is announced"
        ) { p in
            try await changeIsAnnounced(.tools, "notifications/tools/list_changed", p)
        },
        Check(
            "S200",
            "sep-2575-server-sends-tools-list-changed-on-subscription",
            .should,
            .subscriptions,
            in: .modern,
            needs: "tools.listChanged",
            rule: "A changed list of tools is announced to subscribers"
        ) { p in
            try await changeIsAnnounced(.tools, "notifications/tools/list_changed", p)
        },
    ]

    /// Whether a list that differs after calls was announced, to a subscriber in the stateless era.
    static func changeIsAnnounced(_ kind: Catalog.Kind, _ notification: JSONValue, _ p: Probe) async throws {
        let key = "\(kind.rawValue)ListChanged"
        let session = try await p.open()
        let pending =
            p.isModern
            ? session.begin("subscriptions/listen", ["notifications": .object([key: true])], id: "changes") : nil
        _ = await pending?.next(within: p.options.limit) { $0["method"] != nil || $0["error"] != nil }
        let before = await session.request(kind.method)
        let calls = await p.quickCallable()
        for call in calls { _ = await p.call(call.tool, call.arguments, in: session) }
        let after = await session.request(kind.method)
        var announced = session.wire.strays.compactMap(\.value).contains { $0["method"] == notification }
        if let pending {
            let delivered = await pending.next(within: .zero) { _ in false }
            if delivered.notifications.contains(where: { $0["method"] == notification }) { announced = true }
        }
        pending?.cancel()
        await p.close(session)
        guard before.result?[kind.rawValue] != after.result?[kind.rawValue] else {
            throw Verdict.Stop.inconclusive("a callable tool that changes the list")
        }
        try p.expect(announced, "no \(notification)", before, after)
    }
}
