package import Tester

/// How a case ended.
package enum CaseOutcome: String, Sendable, CaseIterable {
    case passed
    /// What must hold holds, but not what should; only checks of conformance end so.
    case warning
    /// An expectation does not hold.
    case failed
    /// It could not be judged: the server did not start, or the setup failed.
    case error
    case skipped
}

/// What is wrong with a step.
package struct StepFailure: Sendable {
    /// The part of the expectation, such as `text` or `json /city`.
    package var check: String
    /// What happened, as a sentence or clause.
    package var message: String
    /// Where two values differ, one line each.
    package var details: [String] = []
    package var place: SourcePlace

    package init(_ check: String, _ message: String, details: [String] = [], at place: SourcePlace) {
        self.check = check
        self.message = message
        self.details = details
        self.place = place
    }

    init(_ check: String, _ mismatch: Mismatch, at place: SourcePlace) {
        self.init(check, "expected \(mismatch.expected), got \(mismatch.actual)", details: mismatch.details, at: place)
    }
}

/// One step that ran.
package struct StepResult: Sendable {
    package enum Phase: String, Sendable {
        case setup
        case steps
        case teardown
    }

    package var title: String
    package var phase: Phase
    package var place: SourcePlace
    package var elapsed: Duration = .zero
    package var failures: [StepFailure] = []
    /// The last lines of the server's standard error during the step, of a step that failed.
    package var stderr: [String] = []
    /// The result of a step that failed, shortened.
    package var result: String?
    /// Faults of the server that do not fail the step.
    package var notes: [String] = []
    /// The last messages during the step, if a report shows them.
    package var frames: [StepFrame] = []

    package init(title: String, phase: Phase, place: SourcePlace) {
        self.title = title
        self.phase = phase
        self.place = place
    }
}

extension StepResult {
    /// How many lines of standard error are kept: enough for a traceback in a box, which names the exception at its end.
    static let keptLines = 200
    private static let shownLines = 12

    /// The exception that the server wrote to its standard error.
    package var exception: ThrownException? { ThrownException(inStandardError: stderr) }

    /// The last lines of standard error for people, without those of exceptions.
    package var otherStderr: [String] {
        ThrownException.linesOutside(stderr).suffix(Self.shownLines).map { line in
            // Logs that are drawn as tables end with spaces.
            var rest = line[...]
            while rest.last?.isWhitespace == true { rest.removeLast() }
            return String(rest)
        }
    }

    /// Standard error for people: the exception that matters, and the last lines outside of exceptions.
    var shownStderr: [String] {
        var exception: [String] = []
        if let summary = self.exception?.summary, !failures.contains(where: { $0.message.contains(summary) }) {
            exception = ["exception: \(summary)"]
        }
        let lines = otherStderr
        guard !lines.isEmpty else { return exception }
        let isCut = ThrownException.linesOutside(stderr).count > Self.shownLines
        return exception + [isCut ? "standard error, the last \(Self.shownLines) lines:" : "standard error:"]
            + lines.map { "  \($0)" }
    }
}

/// What a case is about: a rule, and the page that states it.
package struct CaseRule: Sendable, Hashable {
    package var text: String
    package var page: String?

    package init(_ text: String, page: String?) {
        self.text = text
        self.page = page
    }
}

/// A part of a result that differs between the runs of a repeated case.
package struct Variation: Sendable, Hashable {
    package var step: String
    package var pointer: String
    /// What differs: `timestamp`, `identifier` and so on, `order`, or `value`.
    package var kind: String
}

/// One case that ran or was skipped.
package struct CaseResult: Sendable {
    /// The number of the case in the run, from 0.
    package var index: Int
    /// The number of the case among those of all shards, from 0.
    package var number: Int
    package var id: String
    package var name: String
    /// The cell of the matrix; nil without a matrix.
    package var cell: String?
    package var file: String
    package var place: SourcePlace
    package var server: String
    package var tags: [String]
    package var outcome = CaseOutcome.passed
    /// Why it was skipped, could not be judged, or is not what its steps say.
    package var reason: String?
    /// Whether it passed only when it was run again.
    package var isFlaky = false
    /// Why it was expected to fail, if it did.
    package var failedAsExpected: String?
    package var elapsed: Duration = .zero
    package var attempts = 1
    /// What it shows about the state of a server of which several instances ran.
    package var instances: String?
    /// The steps of the last attempt.
    package var steps: [StepResult] = []
    /// What differs between the runs of a repeated case.
    package var variations: [Variation] = []
    /// The command line that repeats it alone.
    package var command: String?
    /// The rule that it checks; nil for a case of a suite.
    package var rule: CaseRule?

    /// The failures of all steps.
    package var failures: [StepFailure] { steps.flatMap(\.failures) }

    /// Creates a result without a suite.
    package init(id: String, name: String, cell: String? = nil, place: SourcePlace, server: String, index: Int) {
        (self.id, self.name, self.cell, self.place, self.server) = (id, name, cell, place, server)
        (self.index, number) = (index, index)
        file = place.file
        tags = []
    }

    init(_ suiteCase: SuiteCase, index: Int) {
        self.index = index
        number = suiteCase.number
        id = suiteCase.id
        name = suiteCase.title
        cell = suiteCase.cell
        file = suiteCase.file
        place = suiteCase.place
        server = suiteCase.server.name
        tags = suiteCase.tags
    }
}

/// The numbers of a run.
package struct RunSummary: Sendable {
    package var passed = 0
    package var warnings = 0
    package var failed = 0
    package var errors = 0
    package var skipped = 0
    package var flaky = 0
    package var elapsed: Duration = .zero
    package var wasInterrupted = false

    package init() {}

    package var total: Int { passed + warnings + failed + errors + skipped }
    /// Whether any case ran.
    package var ranNothing: Bool { passed + warnings + failed + errors == 0 }

    package mutating func add(_ result: CaseResult) {
        switch result.outcome {
        case .passed: passed += 1
        case .warning: warnings += 1
        case .failed: failed += 1
        case .error: errors += 1
        case .skipped: skipped += 1
        }
        if result.isFlaky { flaky += 1 }
    }
}

/// What happens during a run, in order; everything that a person sees is made from it.
package enum RunEvent: Sendable {
    /// - Parameter shard: The part of the cases that the run has; nil if it has all.
    case runStarted(cases: Int, files: Int, shard: CaseSelection.Shard? = nil)
    case caseStarted(id: String)
    /// In the order of the cases, however they run.
    case caseFinished(CaseResult)
    case runFinished(RunSummary)
}
