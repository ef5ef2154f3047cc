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

    /// Ends the check unless a list that differs after calls was announced.
    static func changeIsAnnounced(_ kind: Catalog.Kind, _ notification: JSONValue, _ p: Probe) async throws {
        let changes = await p.changes()
        guard changes.isOther(kind) else { throw Verdict.Stop.inconclusive("a callable tool that changes the list") }
        let isAnnounced = changes.announced.contains(notification)
        try p.expect(isAnnounced, "no \(notification)", changes.before[kind], changes.after[kind])
    }
}
