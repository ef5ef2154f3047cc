import MCP

/// The minimum log level that the server was asked for.
struct RequestedLogLevel {
    /// The level of the last request.
    private(set) var current: LogLevel?
    /// The level that the server accepted last.
    private(set) var settled: LogLevel?
    /// The lowest level of messages that can still arrive.
    private var lowest: LogLevel?

    /// Notes that a level is being requested.
    ///
    /// Until the server accepts it, messages of the old level can arrive.
    mutating func request(_ level: LogLevel) {
        lowest = current.map { min($0, level) } ?? level
        current = level
    }

    /// Notes that the server accepted the level.
    mutating func accept(_ level: LogLevel) {
        if current == level { lowest = level }
        settled = level
    }

    /// Notes that the server refused a level, so that its level is unknown.
    mutating func forget() {
        current = nil
        lowest = nil
        settled = nil
    }

    /// Why a message of that level should not have come.
    ///
    /// A legacy server that got no request chooses its level itself. Source: "Logging", all revisions.
    func objection(to level: LogLevel, in revision: Revision?) -> String? {
        guard let lowest else {
            guard revision?.has(.requestLogLevel) ?? false else { return nil }
            return "a log message of level \"\(level.rawValue)\" came, although no request asked for log messages"
        }
        guard level < lowest else { return nil }
        return "a log message of level \"\(level.rawValue)\" came, although \"\(lowest.rawValue)\" was requested"
    }
}
