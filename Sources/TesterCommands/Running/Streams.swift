import MCPStdio
import Platform
import Synchronization

/// Standard output and standard error as a command uses them.
final class Streams: Sendable {
    /// Writes bytes, waiting for room no longer than the limit.
    typealias Write = @Sendable (_ bytes: UnsafeRawBufferPointer, _ limit: Duration?) -> BlockingOutput.Outcome

    /// Whether standard output is a terminal.
    let isTerminal: Bool
    private let writeOut: Write
    private let writeError: Write
    private let state = Mutex(State())

    private struct State {
        var isSilent = false
        /// The `errno` value of the first write to standard output that failed.
        var outputError: Int32?
    }

    init(isTerminal: Bool, out: @escaping Write, error: @escaping Write) {
        self.isTerminal = isTerminal
        writeOut = out
        writeError = error
    }

    /// The streams of the process.
    ///
    /// - Parameter hasOutput: False if standard output was closed when the program started, as by `>&-`.
    static func standard(hasOutput: Bool = true) -> Streams {
        let (out, error) = (BlockingOutput(STDOUT_FILENO), BlockingOutput(STDERR_FILENO))
        return Streams(
            isTerminal: isatty(STDOUT_FILENO) == 1,
            out: { hasOutput ? out.write($0, within: $1) : .failed(EBADF) },
            error: { error.write($0, within: $1) }
        )
    }

    /// Why standard output could not be written; nothing more is written to it then.
    var outputError: Int32? { state.withLock { $0.outputError } }

    /// Writes to standard output.
    func out(_ text: String) {
        out(Array(text.utf8))
    }

    /// Writes bytes to standard output.
    func out(_ bytes: [UInt8]) {
        guard state.withLock({ !$0.isSilent && $0.outputError == nil }) else { return }
        if case .failed(let code) = bytes.withUnsafeBytes({ writeOut($0, nil) }) {
            state.withLock { $0.outputError = code }
        }
    }

    /// Writes to standard error.
    func error(_ text: String) {
        guard !state.withLock({ $0.isSilent }) else { return }
        _ = Array(text.utf8).withUnsafeBytes { writeError($0, nil) }
    }

    /// Discards all further output, except for ``lastWord(_:)``.
    func silence() {
        state.withLock { $0.isSilent = true }
    }

    /// Writes to standard error after ``silence()``, if there is room within a second.
    func lastWord(_ text: String) {
        _ = Array(text.utf8).withUnsafeBytes { writeError($0, .seconds(1)) }
    }
}
