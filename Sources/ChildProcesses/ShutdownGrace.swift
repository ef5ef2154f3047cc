extension ChildProcess {
    /// How long a child may take to end after each step of a shutdown, before the next, harder one.
    ///
    /// The specification has clients close the input, wait, send SIGTERM, wait and send SIGKILL (2025-11-25, Lifecycle,
    /// Shutdown, stdio).
    public struct Grace: Sendable, Equatable {
        /// The time after the end of input, before SIGTERM.
        public var endOfInput: Duration
        /// The time after SIGTERM, before SIGKILL.
        public var terminate: Duration

        /// Creates a pair of times, two seconds each where they are not given.
        public init(endOfInput: Duration = .seconds(2), terminate: Duration = .seconds(2)) {
            self.endOfInput = endOfInput
            self.terminate = terminate
        }
    }
}
