package import JSON
import Platform

/// Why a value differs in every run.
public enum Volatility: String, Sendable, Hashable, CaseIterable {
    /// A point in time.
    case timestamp
    /// A UUID.
    case uuid
    /// A measured time.
    case duration
    /// An identifier of a request, session, trace or event.
    case identifier
    /// An address in memory.
    case address

    /// Why both of two different values differ in every run; `nil` if one of them does not.
    ///
    /// - Parameters:
    ///   - key: The name of the member that holds them.
    ///   - now: The time of the new value, in seconds since 1970.
    init?(_ old: JSONValue, _ new: JSONValue, key: String, now: Int64) {
        if let kind = Self(of: old, key: key, now: now), kind == Self(of: new, key: key, now: now) {
            self = kind
        } else if case .number(let a) = old, case .number(let b) = new, EpochTime.areTimes(a.double, b.double, now: now)
        {
            self = .timestamp
        } else if case .string(let a) = old, case .string(let b) = new {
            let (a, b) = (VolatileText(a), VolatileText(b))
            guard let first = a.kinds.first, a.masked == b.masked else { return nil }
            self = first
        } else {
            return nil
        }
    }

    /// Whether a text has a part that differs in every run, such as a time.
    ///
    /// - Parameter now: The present, in seconds since 1970.
    package static func isPart(of text: String, now: Int64 = Int64(time(nil))) -> Bool {
        !VolatileText(text).kinds.isEmpty || EpochTime.isPart(of: text, now: now)
    }

    /// Why a value as a whole differs in every run, judged by its shape, the name of its member and the present.
    ///
    /// - Parameter now: The present, in seconds since 1970.
    package init?(of value: JSONValue, key: String, now: Int64 = Int64(time(nil))) {
        let words = KeyWords(key)
        switch value {
        case .number(let number):
            let magnitude = number.double
            let isEpoch = (1e9..<4e9).contains(magnitude) || (1e12..<4e12).contains(magnitude)
            if EpochTime.unit(of: magnitude, now: now) != nil
                || words.nameTime && (isEpoch || !number.isIntegral && magnitude > 1e9)
            {
                self = .timestamp
            } else if words.nameDuration, magnitude >= 0 {
                self = .duration
            } else if words.nameIdentifier {
                self = .identifier
            } else {
                return nil
            }
        case .string(let text):
            let parts = VolatileText(text)
            if parts.kinds.count == 1, parts.isWhole {
                self = parts.kinds[0]
            } else if words.nameIdentifier, !text.isEmpty {
                self = .identifier
            } else {
                return nil
            }
        default: return nil
        }
    }
}

/// The words of a member's name, such as `request_id` or `requestID`.
private struct KeyWords {
    private let words: [String]

    init(_ key: String) {
        var words: [String] = []
        var word = ""
        var previousIsLower = false
        for scalar in key.unicodeScalars {
            let isUpper = scalar.properties.isUppercase
            if isUpper && previousIsLower || !scalar.properties.isAlphabetic {
                if !word.isEmpty { words.append(word) }
                word = ""
            }
            if scalar.properties.isAlphabetic { word += scalar.properties.lowercaseMapping }
            previousIsLower = !isUpper
        }
        if !word.isEmpty { words.append(word) }
        self.words = words
    }

    private static let times: Set = ["timestamp", "time", "at", "date", "expires", "expiry", "exp", "iat", "now", "ts"]
    private static let durations: Set = ["duration", "elapsed", "latency", "took", "uptime", "runtime"]
    private static let holders: Set = [
        "request", "trace", "span", "correlation", "session", "run", "event", "message", "task", "job", "invocation",
    ]

    var nameTime: Bool { words.last.map(Self.times.contains) ?? false || words.contains("timestamp") }

    /// `request_time_ms` is a measured time, `created_time` is not.
    var nameDuration: Bool {
        words.contains(where: Self.durations.contains)
            || words.count > 1 && words.contains("time") && ["ms", "us", "ns", "seconds"].contains(words.last)
    }

    var nameIdentifier: Bool {
        if words.last == "nonce" { return true }
        guard words.count > 1, ["id", "uuid"].contains(words.last) else { return false }
        return Self.holders.contains(words[words.count - 2])
    }
}
