extension ChildProcess {
    /// What to call, always on the loop.
    package struct Handlers: Sendable {
        /// Called once, before all others.
        package var started: @Sendable (ChildProcess) -> Void
        /// Called with each line of standard output, in order.
        package var line: @Sendable (Line) -> Void
        /// Called with each line of standard error, in order.
        package var errorLine: @Sendable (Line) -> Void
        /// Called once when no more lines of standard output can come, perhaps long before the child exits.
        package var outputEnd: @Sendable () -> Void
        /// Called once, last of all.
        package var exit: @Sendable (ExitReport) -> Void

        package init(
            started: @escaping @Sendable (ChildProcess) -> Void = { _ in },
            line: @escaping @Sendable (Line) -> Void = { _ in },
            errorLine: @escaping @Sendable (Line) -> Void = { _ in },
            outputEnd: @escaping @Sendable () -> Void = {},
            exit: @escaping @Sendable (ExitReport) -> Void = { _ in }
        ) {
            self.started = started
            self.line = line
            self.errorLine = errorLine
            self.outputEnd = outputEnd
            self.exit = exit
        }
    }
}
