extension ChildProcess {
    /// What to start, and with what around it.
    public struct Command: Sendable, Equatable {
        /// A program's name, which is looked for in `PATH`, or its path.
        ///
        /// A relative path is taken from ``workingDirectory``, as a shell standing there would. The `PATH` is the one
        /// the child will have, as are its relative entries.
        public var executable: String
        /// What follows the program's name; no shell reads it.
        public var arguments: [String]
        /// Variables that are set for the child in addition to ours, or instead of ours.
        public var environment: [String: String]
        /// Where the child starts; nil for our own working directory.
        public var workingDirectory: String?

        /// Creates a command.
        public init(
            executable: String,
            arguments: [String] = [],
            environment: [String: String] = [:],
            workingDirectory: String? = nil
        ) {
            self.executable = executable
            self.arguments = arguments
            self.environment = environment
            self.workingDirectory = workingDirectory
        }
    }
}
