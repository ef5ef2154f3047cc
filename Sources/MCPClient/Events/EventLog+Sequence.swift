extension EventLog {
    /// The events as they come; the sequence ends with the connection.
    ///
    /// A reader that is slower than the server misses what the log had to drop meanwhile: see ``dropped``.
    ///
    /// - Parameter number: The number of the last event that the caller knows; 0 for all that the log has.
    public func entries(after number: Int = 0) -> Entries {
        Entries(log: self, last: number)
    }

    /// The events of a log, in order.
    public struct Entries: AsyncSequence, Sendable {
        let log: EventLog
        let last: Int

        /// Begins after the event with the given number.
        public func makeAsyncIterator() -> Iterator {
            Iterator(log: log, signals: log.signals().makeAsyncIterator(), last: last)
        }

        /// Reads the log, and waits for a signal when nothing is left in it.
        public struct Iterator: AsyncIteratorProtocol {
            let log: EventLog
            var signals: AsyncStream<Void>.Iterator
            var last: Int
            var read: ArraySlice<Entry> = []

            /// The next event; nil after the connection has ended, or if the task is cancelled.
            public mutating func next() async -> Entry? {
                while true {
                    if let entry = read.popFirst() {
                        last = entry.number
                        return entry
                    }
                    read = log.since(last).entries[...]
                    if read.isEmpty, await signals.next(isolation: #isolation) == nil {
                        // The rest, up to the end of the connection.
                        read = log.since(last).entries[...]
                        if read.isEmpty { return nil }
                    }
                }
            }
        }
    }
}
