extension ChildProcess {
    /// What to start, and in which surroundings.
    public struct Command: Sendable, Equatable {
        /// The name of a program, which is searched for in `PATH`, or its path.
        ///
        /// A relative path is resolved against ``workingDirectory``, as a shell in that directory would. The `PATH` is
        /// the one that the child gets, and its relative entries are resolved in the same way.
        public var executable: String
        /// The arguments after the program's name; no shell interprets them.
        public var arguments: [String]
        /// Variables that the child gets in addition to ours, or instead of ours.
        public var environment: [String: String]
        /// Names of our variables that the child does not inherit, such as those of secrets.
        ///
        /// If ``environment`` sets one of them, the child gets it.
        public var withheldVariables: Set<String>
        /// Where the child starts; nil for our own working directory.
        public var workingDirectory: String?

        /// The path of the program as the system would find it; nil if it would not.
        package var resolvedPath: String? {
            do throws(SpawnFailure) {
                return try ExecutableLookup(command: self).path()
            } catch {
                return nil
            }
        }

        /// Creates a command.
        public init(
            executable: String,
            arguments: [String] = [],
            environment: [String: String] = [:],
            withheldVariables: Set<String> = [],
            workingDirectory: String? = nil
        ) {
            self.executable = executable
            self.arguments = arguments
            self.environment = environment
            self.withheldVariables = withheldVariables
            self.workingDirectory = workingDirectory
        }
    }
}
