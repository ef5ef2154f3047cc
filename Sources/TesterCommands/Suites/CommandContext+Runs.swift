import Platform
import Suites
import Tester

extension CommandContext {
    /// How the program exits after a run, with the error for scripts.
    ///
    /// - Parameter reportsFailed: Whether a report could not be written.
    func exit(_ summary: RunSummary, reportsFailed: Bool) -> Exit {
        let exit: Exit =
            if summary.wasInterrupted {
                .interrupted(signal: SIGINT)
            } else if summary.failed > 0 {
                .failed
            } else if summary.errors > 0 || reportsFailed {
                .inconclusive
            } else if summary.ranNothing {
                .nothingRan
            } else {
                .passed
            }
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
}
