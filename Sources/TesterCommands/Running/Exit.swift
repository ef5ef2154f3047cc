import Platform
import Tester

/// How the program exits: one code per case that a script handles differently.
enum Exit: Sendable, Hashable {
    case passed
    /// A check or a tool failed.
    case failed
    /// The command line is invalid.
    case misused
    /// The command could not run, or its result could not be determined or printed.
    case inconclusive
    /// The target requests input, and no one can give it.
    case needsInput
    /// No case was selected, or all were skipped.
    case nothingRan
    case interrupted(signal: Int32)

    /// The exit code.
    var code: Int32 {
        switch self {
        case .passed: 0
        case .failed: 1
        case .misused: 2
        case .inconclusive: 3
        case .needsInput: 5
        case .nothingRan: 7
        // As in shells: 130 for Ctrl-C, 143 for SIGTERM.
        case .interrupted(let signal): 128 + signal
        }
    }

    /// The codes with what they mean, for the help and the manual.
    static let meanings: [(code: Int32, meaning: String)] = [
        (Exit.passed.code, "passed"),
        (Exit.failed.code, "a check or a tool failed"),
        (Exit.misused.code, "invalid command line"),
        (Exit.inconclusive.code, "could not run or was inconclusive"),
        (Exit.needsInput.code, "the server requests input that no one can give"),
        (Exit.nothingRan.code, "no case ran"),
        (Exit.interrupted(signal: SIGINT).code, "interrupted"),
    ]

    init(_ report: Report) {
        self.init(report.outcome, report.failure?.failureClass)
    }

    init(_ outcome: Outcome, _ failureClass: FailureClass?) {
        self =
            switch outcome {
            case .pass: .passed
            case .fail: .failed
            case .error: failureClass == .usage ? .misused : .inconclusive
            case .needsInput: .needsInput
            }
    }
}
