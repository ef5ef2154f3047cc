import JSON
import MCP
import MCPTransport
import Tester

/// What a reader sees of the checks.
struct ConformanceReport {
    private let result: ConformanceResult
    private let stale: [String]
    private let request: CheckRequest
    private let kind: TransportKind
    /// The revision of the connection.
    private let spoken: Revision

    init(
        _ result: ConformanceResult,
        stale: [String],
        _ request: CheckRequest,
        kind: TransportKind,
        spoken: Revision
    ) {
        self.spoken = spoken
        self.result = result
        self.stale = stale
        self.request = request
        self.kind = kind
    }

    var report: Report {
        var report = made
        // The page of the rule is that of the revision in which it was broken.
        report.revision = result.failures.first?.revision ?? result.revisions.last
        for sentence in result.strayNames(in: request.options.samples) {
            report.findings.append(Finding(.usage, sentence))
        }
        report.add("conformance", .payload(JSONText(.object(members))))
        return report
    }

    private var made: Report {
        let failures = result.failures
        let ids = Set(failures.map(\.check.id)).count
        guard !result.revisions.isEmpty else {
            let wanted = request.options.revision.map { $0.wireName } ?? "any of the revisions that were to be checked"
            return failed(
                .inconclusive,
                "The server speaks \(spoken.wireName) and not \(wanted).",
                nextStep: "Check \(spoken.wireName), or omit the revision to check all that the server speaks."
            )
        }
        if let first = failures.first {
            let note = stale.isEmpty ? "" : ", and the baseline has \(entries)"
            let count = "\(ids == 1 ? "1 check failed" : "\(ids) checks failed")\(note)"
            return failed(
                .broken,
                "\(count); the first: \(first.check.id): \(Self.clause(first.verdict.message ?? "")).",
                nextStep: stale.isEmpty ? nil : "\(Self.fix) \(removal)"
            )
        }
        if let first = stale.first {
            return failed(
                .broken,
                "The baseline has \(entries)\(stale.count == 1 ? "" : "; the first"): \(first).",
                nextStep: removal
            )
        }
        if result.named("pass").isEmpty, !result.named("inconclusive").isEmpty {
            return failed(.inconclusive, "No check could be decided.")
        }
        return Report(.pass, "all checks passed in \(revisions): \(counts)")
    }

    /// The number of stale baseline entries, in words.
    private var entries: String { stale.count == 1 ? "1 stale entry" : "\(stale.count) stale entries" }

    /// What to do about them.
    private var removal: String { "Remove the stale \(stale.count == 1 ? "entry" : "entries") from the baseline." }

    private static let fix = "Fix what the failures name."

    /// A sentence without its full stop.
    private static func clause(_ text: String) -> String {
        text.hasSuffix(".") ? String(text.dropLast()) : text
    }

    private enum Kind {
        case broken
        case inconclusive
    }

    private func failed(_ kind: Kind, _ message: String, nextStep: String? = nil) -> Report {
        let isBroken = kind == .broken
        var failure = Failure(
            isBroken ? .protocolError : .version,
            .executionError,
            message,
            nextStep: nextStep
                ?? (isBroken
                    ? Self.fix
                    : "See what each check needs with --verbose.")
        )
        failure.outcome = isBroken ? .fail : .error
        failure.page = isBroken ? result.failures.first?.check.page : nil
        return Report(failure, context: counts.isEmpty ? "" : " (\(counts))")
    }

    private var revisions: String {
        result.revisions.count == 1 ? "\(result.revisions[0])" : "\(result.revisions.count) revisions"
    }

    private var counts: String {
        let parts = ["pass", "warning", "not_applicable", "inconclusive"].compactMap { name -> String? in
            let results = result.named(name)
            guard !results.isEmpty else { return nil }
            let count = results.count
            let words = ["pass": "passed", "warning": Self.warnings(results), "not_applicable": "not applicable"]
            return "\(count) \(words[name] ?? name)"
        }
        return parts.joined(separator: ", ")
    }

    /// The word for warnings, with the number of checks if some warn in several revisions.
    private static func warnings(_ results: [CheckResult]) -> String {
        let checks = Set(results.map(\.check.id)).count
        guard checks < results.count else { return results.count == 1 ? "warning" : "warnings" }
        return "warnings in \(checks) check\(checks == 1 ? "" : "s")"
    }

    private var members: JSONObject {
        var members: JSONObject = [
            "transport": .string(kind.rawValue),
            "revisions": .array(result.revisions.map { .string($0.wireName) }),
            "counts": .object(
                JSONObject(
                    ["pass", "fail", "warning", "not_applicable", "inconclusive"].map {
                        .init(key: $0, value: JSONValue(result.named($0).count))
                    }
                )
            ),
            "failures": list(result.failures), "warnings": list(result.warnings),
        ]
        let accepted = result.results.filter { $0.acceptedBecause != nil }
        if !accepted.isEmpty { members["accepted"] = list(accepted) }
        if !stale.isEmpty { members["stale"] = .array(stale.map(JSONValue.string)) }
        if !result.unspoken.isEmpty {
            members["not_spoken"] = .object(
                JSONObject(result.unspoken.map { .init(key: $0.revision.wireName, value: .string($0.reason)) })
            )
        }
        if request.listsAll {
            for name in ["pass", "not_applicable", "inconclusive"] { members[name] = list(result.named(name)) }
        }
        if request.putsEvidenceLast {
            members["evidence"] = .array(["failures", "warnings"].flatMap { moveEvidence(outOf: $0, of: &members) })
        }
        return members
    }

    /// Removes the evidence of the entries of a list.
    ///
    /// - Returns: The evidence of each entry, with the check that it belongs to.
    private func moveEvidence(outOf list: String, of members: inout JSONObject) -> [JSONValue] {
        var entries: [JSONValue] = []
        var evidence: [JSONValue] = []
        for entry in members[list]?.array ?? [] {
            var object = entry.object ?? [:]
            if let shown = object["evidence"] { evidence.append(["id": object["id"] ?? "", "exchanges": shown]) }
            object["evidence"] = nil
            entries.append(.object(object))
        }
        members[list] = .array(entries)
        return evidence
    }

    /// The results, with those of one check that say the same in several revisions as one.
    private func list(_ results: [CheckResult]) -> JSONValue {
        var merged: [(key: String, json: JSONObject, revisions: [Revision])] = []
        for result in results {
            let key = "\(result.check.id) \(result.verdict.message ?? "")"
            if let index = merged.firstIndex(where: { $0.key == key }) {
                merged[index].revisions.append(result.revision)
            } else {
                merged.append((key, result.json(withEvidence: false), [result.revision]))
            }
        }
        return .array(
            merged.map { entry in
                var json = entry.json
                json["revision"] = nil
                json["revisions"] = .array(entry.revisions.map { .string($0.wireName) })
                return .object(json)
            }
        )
    }
}
