import AsyncRuntime
import ChildProcesses
import JSON
import Synchronization

/// A command that runs before a server is started again, such as `swift build`; no shell interprets it.
public struct BuildCommand: Sendable, Hashable {
    /// The program and its arguments.
    public var words: [String]

    /// Creates a command from its words.
    ///
    /// - Throws: ``Failure`` of the class `usage` if there are none.
    public init(words: [String]) throws(Failure) {
        guard let program = words.first, !program.isEmpty else { throw Self.empty }
        self.words = words
    }

    /// Splits a command line into words as a shell does, without any expansion.
    ///
    /// - Throws: ``Failure`` of the class `usage` if there are none or a quote is not closed.
    public init(line: String) throws(Failure) {
        guard let words = CommandWords(line).words, !words.isEmpty else { throw Self.empty }
        try self.init(words: words)
    }

    private static let empty = Failure.usage(
        "The build command is empty, or has a quote that is not closed.",
        nextStep: "Give the program and its arguments, such as \"swift build\" or [\"npm\", \"run\", \"build\"]."
    )

    /// The time after which it is ended.
    static let limit = Duration.seconds(600)

    /// How it ended.
    struct Outcome: Sendable {
        /// What happened, such as "exited with code 1".
        var ending: String
        var isSuccess = false
        /// The last lines of its output and standard error, in the order in which they came.
        var lines: [String] = []
        var omittedLines = 0
        var duration: Duration = .zero
    }

    /// Runs it; ends with the calling task.
    ///
    /// - Parameter limit: The time after which it is ended.
    func run(
        in directory: String?,
        environment: [String: String],
        on clock: any Scheduler,
        limit: Duration = Self.limit
    ) async -> Outcome {
        let output = OutputTail()
        let began = clock.now
        let command = ChildProcess.Command(
            executable: words[0],
            arguments: Array(words.dropFirst()),
            environment: environment,
            withheldVariables: Target.secretVariables,
            workingDirectory: directory
        )
        let handlers = ChildProcess.Handlers(line: output.add, errorLine: output.add)
        var outcome: Outcome
        do throws(SpawnFailure) {
            let child = try await ChildProcess.spawn(command, handlers: handlers)
            child.closeInput()
            let report = await child.end(within: limit, on: clock)
            outcome = Outcome(ending: report.description)
            if case .exited(code: 0) = report.status { outcome.isSuccess = report.cause == .itself }
        } catch {
            outcome = Outcome(ending: "did not start: \(error)")
        }
        (outcome.lines, outcome.omittedLines) = output.tail
        outcome.duration = began.duration(to: clock.now)
        return outcome
    }
}

/// The last lines that a command wrote.
private final class OutputTail: Sendable {
    private static let limit = 60
    private let state = Mutex<(lines: [String], omitted: Int)>(([], 0))

    var tail: (lines: [String], omitted: Int) { state.withLock { $0 } }

    @Sendable func add(_ line: Line) {
        let text = Evidence.text(line.bytes, limit: 500)
        state.withLock { state in
            state.lines.append(text)
            if state.lines.count > Self.limit {
                state.lines.removeFirst()
                state.omitted += 1
            }
        }
    }
}
