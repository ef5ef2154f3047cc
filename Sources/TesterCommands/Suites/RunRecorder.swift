import Suites
import Synchronization
import Tester

/// Receives the events of a run: for the reports, the progress line, and the next run with --last-failed.
final class RunRecorder: Sendable {
    private struct State {
        var done = 0
        /// The ids of the cases that have not finished, in the order in which they started.
        var running: [String] = []
        var failed: [String] = []
        var passed: [String] = []

        func progress(of total: Int) -> TestProgress {
            TestProgress(done: done, total: total, step: running.first ?? "")
        }
    }

    private let reports: RunReports
    private let progress: ProgressLine
    private let total: Int
    private let state = Mutex(State())

    init(_ reports: RunReports, progress: ProgressLine, total: Int) {
        self.reports = reports
        self.progress = progress
        self.total = total
    }

    /// The ids of the cases that failed or could not be judged.
    var failed: [String] { state.withLock { $0.failed } }
    var passed: [String] { state.withLock { $0.passed } }

    func take(_ event: RunEvent) {
        reports.take(event)
        switch event {
        case .runStarted, .runFinished: break
        case .caseStarted(let id):
            progress.show(
                state.withLock { state in
                    state.running.append(id)
                    return state.progress(of: total)
                }
            )
        case .caseFinished(let result):
            let shown = state.withLock { state in
                state.done += 1
                state.running.removeAll { $0 == result.id }
                switch result.outcome {
                case .failed, .error: state.failed.append(result.id)
                case .passed, .warning: state.passed.append(result.id)
                case .skipped: break
                }
                return state.progress(of: total)
            }
            if !shown.step.isEmpty { progress.show(shown) }
        }
    }
}
