import JSON

/// What a test used and what it did not.
extension ReportRenderer {
    mutating func writeExercised(_ steps: JSONValue) {
        guard let steps = steps.array, !steps.isEmpty else { return }
        section("Exercised (\(steps.count))")
        for step in steps {
            let outcome = step["outcome"]?.string ?? ""
            let role: Style.Role = outcome == "PASS" ? .good : ["FAIL", "ERROR"].contains(outcome) ? .bad : .faint
            let time = step["duration_ms"].map { "  \($0) ms" } ?? ""
            line(Span(outcome, role), "  \(step["what"]?.string ?? "")\(time)", indent: 2)
            if outcome != "PASS", let message = step["message"]?.string { block(message, indent: 6, .faint) }
        }
    }

    mutating func writeNotExercised(_ omissions: JSONValue) {
        guard let omissions = omissions.array, !omissions.isEmpty else { return }
        section("Not exercised")
        for omission in omissions {
            line("\(omission["what"]?.string ?? ""): \(omission["why"]?.string ?? "")", indent: 2)
        }
    }
}
