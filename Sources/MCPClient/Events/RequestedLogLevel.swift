import MCP

/// From which level on a server may log, as far as it was told.
struct RequestedLogLevel {
    /// The level that was asked for last.
    private(set) var current: LogLevel?
    /// The level that the server took last.
    private(set) var settled: LogLevel?
    /// The lowest level that may still be under way.
    private var lowest: LogLevel?

    /// A level is about to be asked for: until the server knows, the old one counts too.
    mutating func ask(_ level: LogLevel) {
        lowest = current.map { min($0, level) } ?? level
        current = level
    }

    /// The server knows the level.
    mutating func settle(_ level: LogLevel) {
        if current == level { lowest = level }
        settled = level
    }

    /// The server did not take the level that was asked for; what holds is not known.
    mutating func forget() {
        current = nil
        lowest = nil
        settled = nil
    }

    /// Why a message of that level should not have come.
    ///
    /// A legacy server that was told nothing chooses itself. Source: "Logging", all revisions.
    func objection(to level: LogLevel, in revision: Revision?) -> String? {
        guard let lowest else {
            guard revision?.has(.requestLogLevel) ?? false else { return nil }
            return "a log message of the level \"\(level.rawValue)\" came, though no request asked for any"
        }
        guard level < lowest else { return nil }
        return "a log message of the level \"\(level.rawValue)\" came, though \"\(lowest.rawValue)\" was asked for"
    }
}
