public import AsyncRuntime
import ChildProcesses
import Synchronization

/// A command that prints a bearer token, such as that of a password manager; no shell interprets it.
public struct TokenCommand: Sendable {
    private let words: [String]

    /// Splits a command line into words as a shell does, without any expansion.
    ///
    /// - Throws: ``Failure`` of the class `usage` if there are none or a quote is not closed.
    public init(line: String) throws(Failure) {
        guard let words = CommandWords(line).words, let program = words.first, !program.isEmpty else {
            throw .usage(
                "The command for the token is empty, or has a quote that is not closed.",
                nextStep: "Give a program and its arguments, such as \"pass show mcp\"."
            )
        }
        self.words = words
    }

    /// The time after which it is ended.
    static let limit = Duration.seconds(60)

    /// Runs it and returns the first line that it prints.
    ///
    /// - Throws: ``Failure`` of the class `usage`, without anything that the command printed to standard output.
    public func token(on clock: any Scheduler) async throws(Failure) -> String {
        let first = Mutex<String?>(nil)
        let errors = Mutex<String>("")
        let handlers = ChildProcess.Handlers(
            line: { line in first.withLock { $0 = $0 ?? String(decoding: line.bytes, as: UTF8.self) } },
            errorLine: { line in errors.withLock { $0 = String(decoding: line.bytes.prefix(300), as: UTF8.self) } }
        )
        let command = ChildProcess.Command(executable: words[0], arguments: Array(words.dropFirst()))
        let report: ExitReport
        do throws(SpawnFailure) {
            let child = try await ChildProcess.spawn(command, handlers: handlers)
            child.closeInput()
            report = await child.end(within: Self.limit, on: clock)
        } catch {
            throw failed("did not start: \(error)", "")
        }
        guard case .exited(code: 0) = report.status, report.cause == .itself else {
            throw failed("\(report)", errors.withLock { $0 })
        }
        let token = (first.withLock { $0 } ?? "").filter { $0 != " " && $0 != "\t" && $0 != "\r" }
        guard isToken(token) else {
            throw failed("printed no valid token in its first line", errors.withLock { $0 })
        }
        return token
    }

    private func failed(_ reason: String, _ errors: String) -> Failure {
        .usage(
            "The command for the token (\(words[0])) \(reason).\(errors.isEmpty ? "" : " It wrote: \(errors)")",
            nextStep: "Run the command in a shell, and make it print the token alone."
        )
    }
}
