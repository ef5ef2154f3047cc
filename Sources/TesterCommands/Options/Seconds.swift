import ArgumentParser

/// Reads durations in seconds, such as `30` or `0.5`.
enum Seconds {
    /// A duration; nil unless the text is a finite number from 0 to 1e9.
    static func read(_ text: String) -> Duration? {
        guard let seconds = Double(text), seconds.isFinite, seconds >= 0, seconds <= 1e9 else { return nil }
        return .seconds(seconds)
    }

    static func positive(_ text: String) throws -> Duration {
        guard let duration = read(text), duration > .zero else {
            throw ValidationError("\"\(text)\" is not a duration: give seconds above 0, such as 30 or 0.5")
        }
        return duration
    }

    static func zeroOrMore(_ text: String) throws -> Duration {
        guard let duration = read(text) else {
            throw ValidationError("\"\(text)\" is not a duration: give seconds, such as 0.3")
        }
        return duration
    }
}
