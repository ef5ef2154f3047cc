package import AsyncRuntime
import JSON
import MCPAuth
import MCPHTTP
import MCPHTTPClient

/// Audits a server that demands authorization: what it accepts although it must not.
///
/// It sends only requests that begin a conversation, and `ping`.
package struct AuthAudit: Sendable {
    private let target: Target
    private let tokens: AuditTokens
    private let reader: AuditReader
    private let clock: any Scheduler
    private let now: @Sendable () -> Int64

    /// Prepares an audit.
    ///
    /// - Parameter now: The time in seconds since 1970.
    package init(
        of target: Target,
        _ tokens: AuditTokens,
        for reader: AuditReader = .assistant,
        clock: any Scheduler,
        now: @escaping @Sendable () -> Int64
    ) {
        self.target = target
        self.tokens = tokens
        self.reader = reader
        self.clock = clock
        self.now = now
    }

    /// Runs all checks.
    ///
    /// - Parameter store: Learns the tokens that are sent.
    /// - Throws: ``Failure`` of the class `usage` if the target is not a URL.
    package func run(learning store: SecretStore? = nil) async throws(Failure) -> Report {
        guard let endpoint = target.endpoint else {
            throw .usage("Only a server with a URL can be audited.", nextStep: "Give its http:// or https:// URL.")
        }
        let probe = try AuditProbe(endpoint, clock)
        let valid: String?
        do throws(AuthFailure) {
            valid = try tokens.issuer?.token(now: now()) ?? tokens.valid
        } catch {
            return Report(Failure(error, "The audit of \(target.name) failed", AuthTrace()))
        }
        let run = AuditRun(probe, tokens, valid: valid, for: reader, now: now)
        await run.perform()
        let secrets = ([valid, tokens.valid, tokens.other].compactMap(\.self) + run.secrets).map { Secret($0, .token) }
        store?.add(secrets)
        var report = report(run, probe)
        report.redactor = Redactor(secrets)
        return report
    }

    /// What the first warning says; nil if there are none.
    private static func advice(onWarnings rows: [AuditRow]) -> String? {
        guard let first = rows.first else { return nil }
        let rest = rows.count == 1 ? "" : " Then look at the other \(rows.count == 2 ? "warning" : "warnings")."
        return
            "Look at the warning of \(first.check.rawValue): \((first.remark ?? first.check.expected).asSentence)\(rest)"
    }

    /// What would decide most of the inconclusive checks; nil if there are none.
    private static func advice(onUnproven rows: [AuditRow]) -> String? {
        let needs = rows.compactMap { $0.verdict == .inconclusive ? $0.remark : nil }
        let count = { (need: String) in needs.count { $0 == need } }
        guard let need = needs.max(by: { count($0) < count($1) }) else { return nil }
        let share = count(need) == rows.count ? "the" : "\(count(need)) of the \(rows.count)"
        let checks = rows.count == 1 ? "check" : "checks"
        return "Give what \(share) inconclusive \(checks) need\(count(need) == 1 ? "s" : ""): \(need)."
    }

    private func report(_ run: AuditRun, _ probe: AuditProbe) -> Report {
        let count = { (verdict: AuditRow.Verdict) in run.rows.count { $0.verdict == verdict } }
        let faults = run.rows.filter { $0.verdict == .fault }
        let unproven = count(.inconclusive)
        let rest = unproven == 0 ? "" : "; \(unproven) inconclusive"
        var report: Report
        if !faults.isEmpty {
            let names = faults.map(\.check.rawValue).joined(separator: ", ")
            var failure = Failure(
                .auth,
                .executionError,
                "\(target.name) accepts what it must not: \(names)\(rest).",
                nextStep: "Correct the server: each check with the verdict fault names the rule that it breaks.",
                details: ["accepted": .array(faults.map { .string($0.check.rawValue) })]
            )
            failure.outcome = .fail
            report = Report(failure)
        } else if let failure = run.obstacle {
            report = Report(failure)
        } else {
            let warnings = count(.warning)
            let warned = warnings == 0 ? "" : "; \(warnings) warning\(warnings == 1 ? "" : "s")"
            let held = "\(count(.ok)) of \(run.rows.count) checks held"
            report = Report(.pass, "\(held) at \(target.name)\(warned)\(rest)")
            let advice = Self.advice(onUnproven: run.rows.filter { $0.verdict == .inconclusive })
            report.nextStep = Self.advice(onWarnings: run.rows.filter { $0.verdict == .warning }) ?? advice
        }
        let open = run.rows.filter { $0.verdict != .ok }
        report.add(
            "audit",
            .forms(text: JSONText(AuditRow.shown(open)), structured: JSONText(.array(run.rows.map(\.json)))),
            detail: .core
        )
        let verdicts = AuditRow.Verdict.allCases.map { (key: $0.rawValue, value: JSONValue(count($0))) }
        report.add("counts", .object(JSONObject(verdicts.map { .init(key: $0.key, value: $0.value) })))
        report.add("requests_sent", .value(JSONValue(probe.count)), detail: .standard)
        return report
    }
}
