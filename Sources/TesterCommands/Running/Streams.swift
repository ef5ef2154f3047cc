import MCPStdio
import Platform
import Synchronization
import Terminal
import Tester

/// Standard output and standard error as a command uses them.
final class Streams: Sendable {
    /// Writes bytes, waiting for room no longer than the limit.
    typealias Write = @Sendable (_ bytes: UnsafeRawBufferPointer, _ limit: Duration?) -> BlockingOutput.Outcome

    /// Whether standard output is a terminal.
    let isTerminal: Bool
    /// The number of columns of the terminal now; nil if standard output is not a terminal or it does not say.
    let columns: @Sendable () -> Int?
    /// Whether standard error is a terminal.
    let isErrorTerminal: Bool
    /// The secrets that are replaced in everything that is written.
    let secrets = SecretStore()
    private let writeOut: Write
    private let writeError: Write
    private let screen: @Sendable () -> ScreenSize
    private let state = Mutex(State())
    /// What is shown below all other output; written only while the lock is held, so that nothing comes between.
    private let footer = Mutex(Footer())

    private struct State {
        var isSilent = false
        /// Whether the user wants to see secrets on standard output.
        var showsSecrets = false
        /// The `errno` value of the first write to standard output that failed.
        var outputError: Int32?
    }

    init(
        isTerminal: Bool,
        columns: @escaping @Sendable () -> Int? = { nil },
        isErrorTerminal: Bool = false,
        screen: @escaping @Sendable () -> ScreenSize = { ScreenSize(columns: 80, rows: 24) },
        out: @escaping Write,
        error: @escaping Write
    ) {
        self.isTerminal = isTerminal
        self.columns = columns
        self.isErrorTerminal = isErrorTerminal
        self.screen = screen
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
            columns: { isatty(STDOUT_FILENO) == 1 ? ScreenSize.of(STDOUT_FILENO).columns : nil },
            isErrorTerminal: isatty(STDERR_FILENO) == 1,
            screen: { ScreenSize.of(STDERR_FILENO) },
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
    ///
    /// - Parameter isClean: Whether secrets were replaced before, as in JSON, which must stay valid.
    func out(_ bytes: [UInt8], isClean: Bool = false) {
        let (isOpen, showsSecrets) = state.withLock { (!$0.isSilent && $0.outputError == nil, $0.showsSecrets) }
        guard isOpen else { return }
        let bytes = isClean || showsSecrets ? bytes : secrets.redactor.redact(bytes)
        let outcome = aboveFooter { bytes.withUnsafeBytes { writeOut($0, nil) } }
        if case .failed(let code) = outcome { state.withLock { $0.outputError = code } }
    }

    /// Shows secrets on standard output from now on.
    func showSecrets() {
        state.withLock { $0.showsSecrets = true }
    }

    /// Writes to standard error.
    ///
    /// - Parameter isClean: Whether secrets were replaced before.
    func error(_ text: String, isClean: Bool = false) {
        guard !state.withLock({ $0.isSilent }) else { return }
        let text = isClean ? text : secrets.redactor.redact(text)
        aboveFooter { writeAtOnce(text) }
    }

    private func writeAtOnce(_ text: String) {
        guard !text.isEmpty else { return }
        _ = Array(text.utf8).withUnsafeBytes { writeError($0, nil) }
    }

    // MARK: - At a terminal

    /// Shows something at standard error, if that is a terminal, below all other output, until it is replaced.
    ///
    /// - Parameter isWanted: Asked at the last moment, so that what has ended meanwhile is not shown again.
    func showFooter(_ content: (any FooterContent)?, if isWanted: () -> Bool = { true }) {
        guard isErrorTerminal, !state.withLock({ $0.isSilent }) else { return }
        footer.withLock { footer in
            if isWanted() { writeAtOnce(footer.set(content, on: screen())) }
        }
    }

    /// Draws what is below all other output again, because the terminal has another size or content.
    func redrawFooter() {
        aboveFooter {}
    }

    private func aboveFooter<Result>(_ write: () -> Result) -> Result {
        footer.withLock { footer in
            guard !footer.isEmpty else { return write() }
            let (before, after) = footer.wrap(on: screen())
            writeAtOnce(before)
            defer { writeAtOnce(after) }
            return write()
        }
    }

    /// Discards all further output, except for ``lastWord(_:)``.
    func silence() {
        showFooter(nil)
        state.withLock { $0.isSilent = true }
    }

    /// Writes to standard error after ``silence()``, if there is room within a second.
    func lastWord(_ text: String) {
        _ = Array(text.utf8).withUnsafeBytes { writeError($0, .seconds(1)) }
    }
}
