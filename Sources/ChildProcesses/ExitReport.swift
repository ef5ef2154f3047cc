/// How a child ended, and what of us brought it about.
public struct ExitReport: Sendable, Equatable {
    /// What the child was told or done to, last of all, before it ended.
    public enum Ending: Sendable, Equatable {
        /// Nothing: it ended by itself.
        case itself
        /// The end of its input.
        case endOfInput
        /// SIGTERM, to its whole process group.
        case terminate
        /// SIGKILL, to its whole process group.
        case kill
    }

    /// One step of a shutdown, and how long the child lived on after it.
    public struct Step: Sendable, Equatable {
        /// What was done.
        public let action: Ending
        /// The time until the next step, or until the child's end.
        public let duration: Duration
    }

    /// Exit code or signal.
    public let status: ExitStatus
    /// The last step before the end.
    public let endedBy: Ending
    /// The steps of the shutdown in order; empty where the child ended by itself.
    public let steps: [Step]
}

extension ExitReport: CustomStringConvertible {
    /// One line, for example "exited with code 0 after the end of its input".
    public var description: String {
        switch endedBy {
        case .itself: "\(status)"
        case .endOfInput: "\(status) after the end of its input"
        case .terminate: "\(status) after SIGTERM"
        case .kill: "\(status) after SIGKILL"
        }
    }
}
