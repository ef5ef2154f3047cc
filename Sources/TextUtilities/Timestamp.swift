package import Platform

/// Dates in the format of the protocol.
package enum Timestamp {
    /// The current time in UTC, in ISO 8601 format, to the second.
    package static var now: String { text(time(nil)) }

    /// A time in seconds since 1970 in the same format.
    package static func text(_ seconds: time_t) -> String {
        var seconds = seconds
        var parts = tm()
        gmtime_r(&seconds, &parts)
        func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let date = "\(parts.tm_year + 1900)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday))"
        return "\(date)T\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec))Z"
    }
}
