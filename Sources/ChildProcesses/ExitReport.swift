/// How a child exited, and what we did to make it exit.
public struct ExitReport: Sendable, Equatable {
    /// What happened to the child last before it exited.
    public enum Cause: Sendable, Equatable {
        /// Nothing from us: it exited by itself.
        case itself
        /// Its input was closed.
        case endOfInput
        /// SIGTERM was sent to its whole process group.
        case terminate
        /// SIGKILL was sent to its whole process group.
        case kill
    }

    /// One step of a shutdown, and how long the child went on after it.
    public struct Step: Sendable, Equatable {
        /// What was done.
        public let action: Cause
        /// The time until the next step, or until the child exited.
        public let duration: Duration
    }

    /// Exit code or signal.
    public let status: ExitStatus
    /// The last step before the exit.
    public let cause: Cause
    /// The steps of the shutdown in order; empty if the child exited by itself.
    public let steps: [Step]
}

extension ExitReport: CustomStringConvertible {
    /// One line, for example "exited with code 0 after its input was closed".
    public var description: String {
        switch cause {
        case .itself: "\(status)"
        case .endOfInput: "\(status) after its input was closed"
        case .terminate: "\(status) after SIGTERM"
        case .kill: "\(status) after SIGKILL"
        }
    }
}
