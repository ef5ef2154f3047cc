extension ChildProcess {
    /// How long a child may take to exit after each step of a shutdown, before the next, harder one.
    ///
    /// According to the specification, clients close the input, wait, send SIGTERM, wait and send SIGKILL (2025-11-25,
    /// Lifecycle, Shutdown, stdio).
    public struct Grace: Sendable, Equatable {
        /// The time between closing the input and SIGTERM.
        public var endOfInput: Duration
        /// The time between SIGTERM and SIGKILL.
        public var terminate: Duration

        /// Creates a pair of times (default: two seconds each).
        public init(endOfInput: Duration = .seconds(2), terminate: Duration = .seconds(2)) {
            self.endOfInput = endOfInput
            self.terminate = terminate
        }
    }
}
