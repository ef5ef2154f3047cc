import JSON
package import Suites

extension ConformanceResult {
    /// What reports say about the server besides the results.
    package struct Subject: Sendable {
        /// What the user named, or its file.
        var place: String
        var name: String
        /// The command line that repeats one check in one revision.
        var command: @Sendable (_ check: Check, _ revision: String) -> String
    }

    /// The results as the events of a run, so that the reports of suites show them: a case for each check and revision.
    ///
    /// - Parameter stale: The entries of the baseline that are not needed any more; each is a case that failed.
    package func events(_ subject: Subject, stale: [String]) -> [RunEvent] {
        var cases: [CaseResult] = []
        // One check in all revisions, so that reports can say what is the same.
        let order = Dictionary(uniqueKeysWithValues: Check.all.enumerated().map { ($1.id, $0) })
        let sorted = results.sorted {
            (order[$0.check.id] ?? 0, $0.revision) < (order[$1.check.id] ?? 0, $1.revision)
        }
        for result in sorted { cases.append(result.caseResult(subject, index: cases.count)) }
        for entry in stale {
            let place = SourcePlace(file: subject.place)
            var result = CaseResult(
                id: "baseline/\(entry)",
                name: "baseline: \(entry)",
                place: place,
                server: subject.name,
                index: cases.count
            )
            result.outcome = .failed
            var step = StepResult(title: "An entry of the baseline is needed", phase: .steps, place: place)
            step.failures = [StepFailure("baseline", "the check does not fail any more: remove the entry", at: place)]
            result.steps = [step]
            cases.append(result)
        }
        var summary = RunSummary()
        for result in cases {
            summary.add(result)
            summary.elapsed += result.elapsed
        }
        return [.runStarted(cases: cases.count, files: 1)] + cases.map(RunEvent.caseFinished) + [.runFinished(summary)]
    }
}

extension CheckResult {
    fileprivate func caseResult(_ subject: ConformanceResult.Subject, index: Int) -> CaseResult {
        let place = SourcePlace(file: subject.place)
        let isSkipped = [.notApplicable, .inconclusive].contains(verdict.kind)
        var result = CaseResult(
            id: "\(check.id) \(revision)",
            name: "\(check.id) [\(revision)]",
            // Revisions differ in what does not apply without a fault.
            cell: isSkipped ? nil : "\(revision)",
            place: place,
            server: subject.name,
            index: index
        )
        result.tags = [check.level.rawValue]
        result.elapsed = elapsed
        result.rule = CaseRule(check.rule, page: rule)
        var step = StepResult(title: check.rule, phase: .steps, place: place)
        step.elapsed = elapsed
        switch verdict {
        case .pass: break
        case .notApplicable(let missing):
            result.outcome = .skipped
            result.reason = "not applicable: the server lacks \(missing)"
        case .inconclusive(let need):
            result.outcome = .skipped
            result.reason = "inconclusive: needs \(need)"
        case .fail(let violation), .warning(let violation):
            if let acceptedBecause {
                result.failedAsExpected = acceptedBecause
                break
            }
            result.outcome = verdict.kind == .fail ? .failed : .warning
            result.command = subject.command(check, "\(revision)")
            step.failures = [StepFailure(check.id, violation.received, details: details(violation), at: place)]
        }
        result.steps = [step]
        return result
    }

    private func details(_ violation: Verdict.Violation) -> [String] {
        var lines: [String] = []
        for exchange in violation.exchanges.prefix(2) {
            lines.append("sent: \(exchange.sent)")
            lines += (exchange.json["received"]?.array ?? []).suffix(2).map { "back: \($0.string ?? "")" }
        }
        if let libraryFault { lines.append("known: \(libraryFault)") }
        if let rule { lines.append("rule: \(rule)") }
        return lines
    }
}
