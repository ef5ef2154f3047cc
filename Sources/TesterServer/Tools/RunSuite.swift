import HostConfiguration
import JSON
import MCP
import MCPHTTP
import Suites
import Synchronization
import Tester

extension TesterTool {
    static let runSuite = TesterTool(
        "run_suite",
        title: "Run test cases",
        "Run the cases of a suite file or folder, each against a server of its own. Shows the counts and each failure.",
        parameters: [
            "file": parameter("string", "Suite file or folder."),
            "case": parameter("string", "Text in the names of the cases to run."),
            "tag": parameter("string", "Tag of the cases to run."),
        ],
        required: ["file"],
        effect: .mayDestroy(isIdempotent: false),
        result: [.object("counts"), .list("failures")]
    ) { (session, input, host) throws(Failure) in
        let surroundings = session.surroundings()
        let plan = try await SuitePlan([input.string("file") ?? ""], environment: { surroundings.variable($0) })
        var selection = CaseSelection()
        if let text = input.string("case") { selection.filters = [text] }
        if let tag = input.string("tag") { selection.tags = [tag] }
        let cases = selection.cases(of: plan.suites)
        guard !cases.isEmpty else {
            let names = plan.suites.flatMap(\.cases).map(\.title)
            throw .usage(
                "No case matches.",
                nextStep: "Use a part of a name: \(names.prefix(20).joined(separator: "; ")).",
                details: ["cases": .array(names.map(JSONValue.string))]
            )
        }
        let settings = session.suiteSettings(plan)
        let results = RunResults(of: cases.count, for: host)
        let summary = await SuiteRunner(cases, settings: settings).run { results.take($0) }
        return results.report(summary, in: session)
    }
}

extension TesterSession {
    /// The settings of a run whose secrets do not leave this session, either.
    fileprivate func suiteSettings(_ plan: SuitePlan) -> RunSettings {
        var tester = settings
        tester.secrets = secrets
        tester.onRestart = nil
        secrets.add(plan.secrets.map { Secret($0, .env) })
        var run = RunSettings(tester: tester, clock: clock, executable: OwnExecutable.path, jobs: 4)
        run.snapshots = plan.snapshots
        run.wording = .suiteTools
        // The cases use the logins of this session, and only those that its principal may use.
        run.makeSession = { [self] settings, _ in sibling(settings: settings) }
        run.repeatCommand = { file, name in "run_suite with file \(file) and case \(name)" }
        return run
    }
}

/// What the cases of a run have shown so far.
private final class RunResults: Sendable {
    private let total: Int
    private let host: HostChannel
    private let results = Mutex<[CaseResult]>([])

    init(of total: Int, for host: HostChannel) {
        self.total = total
        self.host = host
    }

    func take(_ event: RunEvent) {
        guard case .caseFinished(let result) = event else { return }
        let done = results.withLock { results in
            results.append(result)
            return results.count
        }
        var progress = ProgressParams(json: [:])
        progress.progress = Double(done)
        progress.total = Double(total)
        progress.message = "\(result.outcome.rawValue): \(result.name)"
        host.progress(progress)
    }

    func report(_ summary: RunSummary, in session: TesterSession) -> Report {
        let results = results.withLock { $0 }
        let failures = results.filter { $0.outcome == .failed || $0.outcome == .error }
        let counts = "\(summary.counts) in \(summary.elapsed.shown)"
        var report = Report(.pass, counts)
        if let first = failures.first {
            var failure = Failure(
                .toolError,
                .executionError,
                counts,
                nextStep: "Correct the cause, then repeat one case: \(first.command ?? "")."
            )
            failure.outcome = summary.failed > 0 ? .fail : .error
            report = Report(failure)
        }
        report.add(
            "counts",
            [
                "passed": JSONValue(summary.passed), "failed": JSONValue(summary.failed),
                "errors": JSONValue(summary.errors), "skipped": JSONValue(summary.skipped),
                "flaky": JSONValue(summary.flaky),
            ]
        )
        report.add("failures", .list(failures.map { .object($0.members) }))
        let whole = JSONText(["cases": .array(results.map { .object($0.json) })])
        let handle = session.keep(session.redactor.redact(whole), of: report)
        report.add("details", .string("read_result with handle \(handle) has every case and step."))
        return report
    }
}

extension CaseResult {
    /// What a reader needs to find the cause of a failure.
    fileprivate var members: [Report.Member] {
        var members: [Report.Member] = [
            .init(key: "case", value: .value(.string(name))),
            .init(key: "outcome", value: .value(.string(outcome.rawValue))),
        ]
        if let reason { members.append(.init(key: "reason", value: .payload(JSONText(.string(reason))))) }
        let failed = steps.filter { !$0.failures.isEmpty }.map { step -> Report.Part in
            var members: [Report.Member] = [
                .init(key: "step", value: .value(.string(step.title))),
                .init(key: "place", value: .value(.string("\(step.place)"))),
                .init(key: "expected", value: .list(step.failures.map { .payload(JSONText(.string($0.text))) })),
            ]
            if let result = step.result {
                members.append(.init(key: "result", value: .payload(JSONText(.string(result)))))
            }
            if let exception = step.exception {
                members.append(.init(key: "exception", value: .payload(JSONText(.object(exception.json)))))
            }
            if !step.otherStderr.isEmpty {
                let text = step.otherStderr.joined(separator: "\n")
                members.append(.init(key: "stderr", value: .payload(JSONText(.string(text)))))
            }
            return .object(members)
        }
        if !failed.isEmpty { members.append(.init(key: "steps", value: .list(failed))) }
        return members
    }
}

extension StepFailure {
    fileprivate var text: String { (["\(check): \(message)"] + details).joined(separator: "\n") }
}
