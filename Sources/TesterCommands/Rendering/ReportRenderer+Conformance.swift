import JSON

/// What the checks of the specification found.
extension ReportRenderer {
    mutating func writeConformance(_ conformance: JSONValue) {
        writeViolations("Failures", conformance["failures"], .bad)
        writeViolations("Warnings", conformance["warnings"], .doubtful)
        writeViolations("Accepted by the baseline", conformance["accepted"], .faint)
        if let stale = conformance["stale"]?.array?.compactMap(\.string), !stale.isEmpty {
            section("Stale entries of the baseline (\(stale.count))")
            for entry in stale { line("\(entry)", indent: 2) }
        }
        for (title, key, reason) in [
            ("Not applicable", "not_applicable", "missing"), ("Inconclusive", "inconclusive", "needed"),
            ("Passed", "pass", ""),
        ] {
            guard let entries = conformance[key]?.array, !entries.isEmpty else { continue }
            section("\(title) (\(Self.count(entries)))")
            for entry in entries {
                let why =
                    entry[reason]?.string.map { ": \(key == "inconclusive" ? "needs" : "the server lacks") \($0)" }
                    ?? ""
                line(Span(entry["id"]?.string ?? "", .name), "\(why)", indent: 2)
            }
        }
        section("Checked")
        fact("Transport", conformance["transport"]?.string ?? "")
        fact("Revisions", conformance["revisions"]?.array?.compactMap(\.string).joined(separator: ", ") ?? "")
        let counts = conformance["counts"]?.object?.members ?? []
        fact(
            "Verdicts",
            counts.map { "\($0.value) \($0.key.split(separator: "_").joined(separator: " "))" }.joined(separator: ", ")
                + ", one for each check and revision"
        )
    }

    /// The number of verdicts, as in the counts, and the number of checks if it differs.
    private static func count(_ entries: [JSONValue]) -> String {
        let verdicts = entries.reduce(0) { $0 + ($1["revisions"]?.array?.count ?? 1) }
        let checks = Set(entries.compactMap { $0["id"]?.string }).count
        guard checks < verdicts else { return "\(verdicts)" }
        return "\(verdicts) in \(checks) check\(checks == 1 ? "" : "s")"
    }

    private mutating func writeViolations(_ title: String, _ list: JSONValue?, _ role: Style.Role) {
        guard let entries = list?.array, !entries.isEmpty else { return }
        section("\(title) (\(Self.count(entries)))")
        for entry in entries {
            let revisions = entry["revisions"]?.array?.compactMap(\.string).joined(separator: ", ") ?? ""
            line(
                Span(entry["id"]?.string ?? "", role),
                Span("  \(entry["level"]?.string ?? "")  \(entry["row"]?.string ?? "")  \(revisions)", .faint),
                indent: 2
            )
            line("expected: \(entry["expected"]?.string ?? "")", indent: 4)
            line("received: \(entry["received"]?.string ?? "")", indent: 4)
            if let known = entry["known"]?.string { line("known: \(known)", indent: 4) }
            if let reason = entry["accepted_because"]?.string { line("accepted: \(reason)", indent: 4) }
            if let exchange = entry["evidence"]?.array?.first, role != .faint {
                line(Span("sent: \(exchange["sent"]?.string ?? "")", .faint), indent: 4)
                for text in (exchange["received"]?.array ?? []).suffix(2) {
                    line(Span("back: \(text.string ?? "")", .faint), indent: 4)
                }
            }
            if let rule = entry["rule"]?.string { line(Span("Rule: \(rule)", .faint), indent: 4) }
        }
    }
}
