import Platform
import Suites
import Tester

extension CommandContext {
    /// How the program exits after a run, with the error for scripts.
    ///
    /// - Parameter reportsFailed: Whether a report could not be written.
    func exit(_ summary: RunSummary, reportsFailed: Bool) -> Exit {
        let exit = exitCode(of: summary, reportsFailed: reportsFailed)
        guard exit != .passed, streams.outputError == nil else { return exit }
        var line = ErrorLine(usage: summary.verdict)
        line.code =
            switch exit {
            case .failed: "suite_failed"
            case .nothingRan: "nothing_ran"
            case .interrupted: FailureClass.cancelled.rawValue
            default: "suite_error"
            }
        line.nextStep = nil
        line.exit = exit
        streams.write(line, isShown: true)
        return exit
    }

    /// How the program exits after a run.
    func exitCode(of summary: RunSummary, reportsFailed: Bool) -> Exit {
        if summary.wasInterrupted { return .interrupted(signal: SIGINT) }
        if summary.failed > 0 { return .failed }
        if summary.errors > 0 || reportsFailed { return .inconclusive }
        return summary.ranNothing ? .nothingRan : .passed
    }
}
