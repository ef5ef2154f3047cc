import Platform

/// The effects of faults on the process, which tests replace.
public struct ProcessEffects: Sendable {
    /// Writes to standard error.
    public var writeError: @Sendable (_ text: String) -> Void
    /// Exits with a code.
    public var exit: @Sendable (_ code: Int32) -> Void
    /// Terminates the process with a signal.
    public var crash: @Sendable () -> Void
    /// Ignores SIGTERM.
    public var ignoreTermination: @Sendable () -> Void
    /// Never returns.
    public var hang: @Sendable () -> Void

    /// Creates effects.
    public init(
        writeError: @escaping @Sendable (_ text: String) -> Void,
        exit: @escaping @Sendable (_ code: Int32) -> Void,
        crash: @escaping @Sendable () -> Void,
        ignoreTermination: @escaping @Sendable () -> Void,
        hang: @escaping @Sendable () -> Void
    ) {
        self.writeError = writeError
        self.exit = exit
        self.crash = crash
        self.ignoreTermination = ignoreTermination
        self.hang = hang
    }

    /// The real effects.
    public static let real = ProcessEffects(
        writeError: { writeAll($0, to: STDERR_FILENO) },
        exit: { _exit($0) },
        crash: {
            // The default handler, because Swift's would print a long backtrace first.
            signal(SIGABRT, SIG_DFL)
            abort()
        },
        ignoreTermination: { signal(SIGTERM, SIG_IGN) },
        hang: { while true { pause() } }
    )
}

private func writeAll(_ text: String, to descriptor: Int32) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
        let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        if count > 0 { rest = rest.dropFirst(count) }
        if count < 0, errno != EINTR { return }
    }
}
