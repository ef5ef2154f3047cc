extension ChildProcess {
    /// What is known about a child; read from any thread.
    struct Evidence {
        /// How the child exited, once it has.
        var exitReport: ExitReport?
        var leftInputUnread = false
        private var tail: StderrTail
        /// The beginning of a line whose end has not come yet.
        var partialLine: [UInt8] = []

        init(stderrCapacity: Int) {
            tail = StderrTail(capacity: stderrCapacity)
        }

        mutating func append(_ line: Line) {
            tail.append(line)
        }

        /// The lines so far, an unfinished one included.
        func stderrTail(at instant: ContinuousClock.Instant) -> StderrTail {
            guard !partialLine.isEmpty else { return tail }
            var withPartial = tail
            withPartial.append(Line(bytes: partialLine, isTerminated: false, receivedAt: instant))
            return withPartial
        }
    }
}
