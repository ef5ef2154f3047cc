package import JSON
import MCP
package import Tester
import TextUtilities

/// Violations that are accepted, each with a reason.
package struct Baseline: Sendable {
    /// One accepted violation.
    struct Entry: Sendable {
        let id: String
        /// Nil accepts it in all revisions.
        let revision: Revision?
        let reason: String

        func accepts(_ result: CheckResult) -> Bool {
            (result.check.id == id || result.check.row == id) && (revision == nil || revision == result.revision)
        }
    }

    let entries: [Entry]

    /// Nothing is accepted.
    package init() { entries = [] }

    private init(_ entries: [Entry]) { self.entries = entries }

    /// Reads `{"accepted": [{"id": …, "reason": …, "revision": …}]}`.
    ///
    /// - Throws: `Failure` of the class `usage` if it has another form.
    package init(_ value: JSONValue) throws(Failure) {
        guard let list = value["accepted"]?.array else {
            throw .usage("The baseline has no array \"accepted\".", nextStep: Self.advice)
        }
        var entries: [Entry] = []
        for (index, item) in list.enumerated() {
            guard let id = item["id"]?.string, let reason = item["reason"]?.string,
                reason.contains(where: { !$0.isWhitespace })
            else {
                throw .usage("Entry \(index + 1) of the baseline has no id or no reason.", nextStep: Self.advice)
            }
            guard Check.all.contains(where: { $0.id == id || $0.row == id }) else {
                let close =
                    nearest(id, among: Check.all.flatMap { [$0.id, $0.row] }).map { " Did you mean \"\($0)\"?" } ?? ""
                throw .usage(
                    "Entry \(index + 1) of the baseline: unknown check \"\(id)\".\(close)",
                    nextStep: "List them: mcp-test-mcp checks."
                )
            }
            var revision: Revision?
            if let name = item["revision"]?.string {
                revision = Revision(wireName: name)
                if revision == nil {
                    throw .usage(
                        "Entry \(index + 1) of the baseline: unknown revision \"\(name)\".",
                        nextStep: Self.advice
                    )
                }
            }
            entries.append(Entry(id: id, revision: revision, reason: reason))
        }
        self.entries = entries
    }

    private static let advice =
        "Write {\"accepted\": [{\"id\": CHECK, \"reason\": TEXT, \"revision\": REVISION}]}; the revision is optional."

    /// The baseline for what a run has found: entries that are not needed any more are removed, and missing ones added.
    ///
    /// What did not run stays as it is.
    ///
    /// - Parameters:
    ///   - date: When the added violations are accepted, for their reasons.
    ///   - redactor: Replaces the secrets in the server's words, because the baseline becomes a file.
    func updated(for result: ConformanceResult, on date: String, _ redactor: Redactor) -> Baseline {
        var entries = self.entries.filter { entry in
            let results = result.results.filter(entry.accepts)
            return results.isEmpty || results.contains { !$0.verdict.isFollowed }
        }
        for check in Check.all {
            let results = result.results.filter { $0.check.id == check.id }
            let failures = results.filter { failure in
                failure.verdict.kind == .fail && !entries.contains { $0.accepts(failure) }
            }
            guard let first = failures.first else { continue }
            let cause = LibraryFault.names(for: check).map { "a known fault of \($0)" }
            let said = redactor.redact(cause ?? first.verdict.message ?? check.rule)
            let reason = "accepted on \(date): \(said)"
            let isEverywhere = failures.count == results.count
            let revisions: [Revision?] = isEverywhere ? [nil] : failures.map(\.revision)
            entries += revisions.map { Entry(id: check.id, revision: $0, reason: reason) }
        }
        return Baseline(entries)
    }

    /// The content of its file.
    package var json: JSONValue {
        let accepted = entries.map { entry -> JSONValue in
            var object: JSONObject = ["id": .string(entry.id), "reason": .string(entry.reason)]
            object["revision"] = entry.revision.map { .string($0.wireName) }
            return .object(object)
        }
        return ["accepted": .array(accepted)]
    }

    /// Marks the accepted violations.
    ///
    /// - Returns: The entries whose checks ran and found no violation, in words.
    package func apply(to result: inout ConformanceResult) -> [String] {
        var stale: [String] = []
        for entry in entries {
            let indices = result.results.indices.filter { entry.accepts(result.results[$0]) }
            let broken = indices.filter { !result.results[$0].verdict.isFollowed }
            for index in broken { result.results[index].acceptedBecause = entry.reason }
            if !indices.isEmpty, broken.isEmpty {
                let place = entry.revision.map { " in \($0)" } ?? ""
                stale.append("\(entry.id)\(place) no longer fails (accepted because: \(entry.reason))")
            }
        }
        return stale
    }
}

extension Verdict {
    /// Whether no violation was found.
    var isFollowed: Bool {
        switch self {
        case .fail, .warning: false
        case .pass, .notApplicable, .inconclusive: true
        }
    }
}
