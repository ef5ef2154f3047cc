package import JSON
package import MCP
import Tester
import TextUtilities

/// What one check found in one revision.
package struct CheckResult: Sendable {
    package let check: Check
    package let revision: Revision
    package var verdict: Verdict
    /// The last exchanges of the check, whatever it found.
    package let exchanges: [Exchange]
    package let elapsed: Duration
    /// Why a violation is accepted; nil unless a baseline says so.
    package var acceptedBecause: String?

    /// The address of the rule in the revision; nil for good practice.
    package var rule: String? { check.page.flatMap { revision.url(of: $0) } }

    /// A clause that names the libraries that break the rule; nil if none is known, or if the server follows it.
    var libraryFault: String? { verdict.isFollowed ? nil : LibraryFault.sentence(for: check) }

    /// What programs read of it.
    package func json(withEvidence: Bool) -> JSONObject {
        var object: JSONObject = [
            "id": .string(check.id), "row": .string(check.row), "level": .string(check.level.rawValue),
            "revision": .string(revision.wireName), "verdict": .string(verdict.name), "expected": .string(check.rule),
        ]
        switch verdict {
        case .pass: break
        case .fail(let violation), .warning(let violation): object["received"] = .string(violation.received)
        case .notApplicable(let missing): object["missing"] = .string(missing)
        case .inconclusive(let need): object["needed"] = .string(need)
        }
        if let rule { object["rule"] = .string(rule) }
        if let libraryFault { object["known"] = .string(libraryFault) }
        if let acceptedBecause { object["accepted_because"] = .string(acceptedBecause) }
        let shown = verdict.exchanges.isEmpty && withEvidence ? exchanges : verdict.exchanges
        if !shown.isEmpty { object["evidence"] = .array(shown.map { .object($0.json) }) }
        return object
    }
}

/// What all checks found.
package struct ConformanceResult: Sendable {
    package var results: [CheckResult] = []
    /// The revisions that were checked.
    package var revisions: [Revision] = []
    /// The revisions that the server does not speak, with what it said.
    package var unspoken: [(revision: Revision, reason: String)] = []

    /// The names that the server has listed in all revisions, by kind.
    var listed: [Catalog.Kind: Set<String>] = [:]

    /// A sentence for each sample whose item the server does not list.
    func strayNames(in samples: Samples) -> [String] {
        guard !revisions.isEmpty else { return [] }
        return samples.groups.flatMap { kind, noun, names in
            let known = listed[kind] ?? []
            return names.filter { !known.contains($0) }.map { name in
                let close = nearest(name, among: known.sorted()).map { " Did you mean \"\($0)\"?" } ?? ""
                return "The samples are for the \(noun) \"\(name)\", which the server does not list.\(close)"
            }
        }
    }

    /// The results with a verdict.
    package func named(_ name: String) -> [CheckResult] {
        results.filter { $0.verdict.name == name && $0.acceptedBecause == nil }
    }

    package var failures: [CheckResult] { named("fail") }
    package var warnings: [CheckResult] { named("warning") }
}
