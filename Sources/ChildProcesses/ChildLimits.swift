extension ChildProcess {
    /// How much of a child's output is kept.
    package struct Limits: Sendable {
        /// The longest line of standard output that is delivered whole, in bytes.
        package var line: Int
        /// How many bytes of standard error are kept.
        package var stderr: Int

        package init(line: Int = Line.defaultLimit, stderr: Int = 64 << 10) {
            self.line = line
            self.stderr = stderr
        }
    }
}
