import MCPStdio
import Platform
import Synchronization

/// Standard output and standard error as a command uses them.
final class Streams: Sendable {
    /// Writes bytes, waiting no longer than the limit; false where nobody reads them any more.
    typealias Write = @Sendable (_ bytes: UnsafeRawBufferPointer, _ limit: Duration?) -> Bool

    /// Tells whether a person looks at standard output.
    let isTerminal: Bool
    private let writeOut: Write
    private let writeError: Write
    private let state = Mutex(State())

    private struct State {
        var isSilent = false
        /// Nobody reads standard output any more.
        var isUnread = false
    }

    init(isTerminal: Bool, out: @escaping Write, error: @escaping Write) {
        self.isTerminal = isTerminal
        writeOut = out
        writeError = error
    }

    /// The process's own.
    static var standard: Streams {
        let (out, error) = (BlockingOutput(STDOUT_FILENO), BlockingOutput(STDERR_FILENO))
        return Streams(
            isTerminal: isatty(STDOUT_FILENO) == 1,
            out: { out.write($0, within: $1) },
            error: { error.write($0, within: $1) }
        )
    }

    /// Writes to standard output; a reader that went away, as `head` does, ends the output and nothing else.
    func out(_ text: String) {
        out(Array(text.utf8))
    }

    /// Writes bytes to standard output.
    func out(_ bytes: [UInt8]) {
        guard state.withLock({ !$0.isSilent && !$0.isUnread }) else { return }
        if !bytes.withUnsafeBytes({ writeOut($0, nil) }) { state.withLock { $0.isUnread = true } }
    }

    /// Writes to standard error.
    func error(_ text: String) {
        guard !state.withLock({ $0.isSilent }) else { return }
        _ = Array(text.utf8).withUnsafeBytes { writeError($0, nil) }
    }

    /// Lets nothing through any more, whatever still runs.
    func silence() {
        state.withLock { $0.isSilent = true }
    }

    /// Writes to standard error although all else is silent, if there is room for it soon.
    func lastWord(_ text: String) {
        _ = Array(text.utf8).withUnsafeBytes { writeError($0, .seconds(1)) }
    }
}
