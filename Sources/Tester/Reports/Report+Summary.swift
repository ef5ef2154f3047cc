extension Report {
    /// Adds a clause to the summary, whose last sentence it continues.
    mutating func addToSummary(_ clause: String) {
        if summary.hasSuffix(".") { summary.removeLast() }
        summary += "; \(clause)"
    }
}
