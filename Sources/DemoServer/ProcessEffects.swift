import Platform

/// What faults do to the process that they happen in, so that tests can look on instead.
public struct ProcessEffects: Sendable {
    /// Writes to standard error.
    public var writeError: @Sendable (_ text: String) -> Void
    /// Ends the process with an exit code.
    public var exit: @Sendable (_ code: Int32) -> Void
    /// Ends the process by a signal.
    public var crash: @Sendable () -> Void
    /// Makes the process deaf to SIGTERM.
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

    /// What really happens to a process.
    public static let real = ProcessEffects(
        writeError: { writeAll($0, to: STDERR_FILENO) },
        exit: { _exit($0) },
        crash: {
            // Not by way of a handler that would write pages of backtrace first.
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
