import JSON

/// The outcome of one check of an audit.
struct AuditRow: Sendable {
    enum Verdict: String, Sendable, CaseIterable {
        /// The server did what it must.
        case ok
        /// The server refused, but not as it should, or accepted what is only unwise.
        case warning
        /// The server accepted what it must not.
        case fault
        /// The check could not be made, or its result proves nothing.
        case inconclusive
    }

    var check: AuditCheck
    var verdict: Verdict
    /// What was received; nil if nothing was sent.
    var received: String?
    /// Why the verdict is what it is, or what an inconclusive check needs.
    var remark: String?

    var json: JSONValue {
        var object: JSONObject = [
            "check": .string(check.rawValue), "verdict": .string(verdict.rawValue), "sent": .string(check.sent),
            "expected": .string(check.expected),
        ]
        if let received { object["received"] = .string(received) }
        if let remark { object[verdict == .inconclusive ? "needed" : "remark"] = .string(remark) }
        object["rule"] = .string(check.requirement)
        object["source"] = .string(check.source)
        return .object(object)
    }

    /// Rows as in the text of a report: those that prove nothing say only what they need, and are one row if they need the
    /// same.
    static func shown(_ rows: [AuditRow]) -> JSONValue {
        var needs: Set<String> = []
        let shown = rows.compactMap { row -> JSONValue? in
            guard row.verdict == .inconclusive, let need = row.remark else { return row.json }
            guard needs.insert(need).inserted else { return nil }
            let sharing = rows.filter { $0.verdict == .inconclusive && $0.remark == need }
            let names = sharing.map(\.check.rawValue).joined(separator: ", ")
            return ["check": .string(names), "verdict": .string(row.verdict.rawValue), "needed": .string(need)]
        }
        return .array(shown)
    }
}
