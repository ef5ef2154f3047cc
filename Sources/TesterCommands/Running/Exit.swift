import Tester

/// How the program ends: few codes, each where a script would act differently.
enum Exit: Sendable, Hashable {
    /// What was asked for worked.
    case passed
    /// A check or a tool failed.
    case failed
    /// The command line makes no sense.
    case misused
    /// It could not be run or found out.
    case inconclusive
    /// The target wants to know something, and there was nobody to ask.
    case needsInput
    /// A signal ended it.
    case interrupted(signal: Int32)

    /// The exit code.
    var code: Int32 {
        switch self {
        case .passed: 0
        case .failed: 1
        case .misused: 2
        case .inconclusive: 3
        case .needsInput: 5
        // As shells have it: 130 for Ctrl-C, 143 for SIGTERM.
        case .interrupted(let signal): 128 + signal
        }
    }

    /// How an answer counts.
    init(_ answer: Report) {
        self.init(answer.outcome, answer.failure?.failureClass)
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
