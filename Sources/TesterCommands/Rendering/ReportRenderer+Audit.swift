import JSON

/// What `auth audit` yielded.
extension ReportRenderer {
    /// Writes the checks: verdict and what was sent, then what was received, and the rule unless it holds.
    mutating func writeAudit(_ rows: JSONValue) {
        guard let rows = rows.array, !rows.isEmpty else { return }
        section("Checks")
        var needs: Set<String> = []
        for row in rows {
            guard let needed = row["needed"]?.string else {
                write(row)
                continue
            }
            // What several checks need is said once, after all of them.
            guard needs.insert(needed).inserted else { continue }
            for sharing in rows where sharing["needed"]?.string == needed { write(sharing) }
            line(Span("needed: \(needed)", .faint), indent: 16)
        }
    }

    private mutating func write(_ row: JSONValue) {
        let verdict = row["verdict"]?.string ?? ""
        let space = String(repeating: " ", count: max(1, 14 - verdict.count))
        let received = row["received"]?.string.map { " → \($0)" } ?? ""
        let role = Style.Role(ofVerdict: verdict)
        line(Span(verdict, role), "\(space)\(row["sent"]?.string ?? "")\(received)", indent: 2, hanging: 14)
        if let remark = row["remark"]?.string { line("\(remark)", indent: 16) }
        guard verdict == "fault" || verdict == "warning" else { return }
        line("expected \(row["expected"]?.string ?? "")", indent: 16)
        line(Span("\(row["rule"]?.string ?? "") (\(row["source"]?.string ?? ""))", .faint), indent: 16)
    }
}
