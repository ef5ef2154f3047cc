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

    /// As in the text of a report: a row that proves nothing says only what it needs.
    var shownJSON: JSONValue {
        guard verdict == .inconclusive, let remark else { return json }
        return ["check": .string(check.rawValue), "verdict": .string(verdict.rawValue), "needed": .string(remark)]
    }
}
