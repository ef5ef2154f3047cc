import Synchronization

/// The failures of a session by what went wrong, so that a repetition can refer to the first.
final class FailureLog: Sendable {
    private struct State {
        var count = 0
        var known: [String: (first: Int, times: Int)] = [:]
    }

    /// How many different failures are remembered.
    private static let limit = 1000

    private let state = Mutex(State())

    /// Counts a failure.
    func add(_ fingerprint: String) -> Recurrence {
        state.withLock { state in
            state.count += 1
            if state.known.count >= Self.limit, state.known[fingerprint] == nil { state.known = [:] }
            var entry = state.known[fingerprint] ?? (first: state.count, times: 0)
            entry.times += 1
            state.known[fingerprint] = entry
            return Recurrence(fingerprint: fingerprint, number: state.count, first: entry.first, times: entry.times)
        }
    }
}

/// How often a failure has occurred in a session.
public struct Recurrence: Sendable, Hashable {
    /// What failures of the same kind have in common, in 8 hexadecimal digits.
    public let fingerprint: String
    /// The number of the failure in the session, from 1.
    public let number: Int
    /// The number of the first failure of the kind.
    public let first: Int
    /// How often it has occurred.
    public let times: Int

    /// Whether it has occurred before.
    var isRepeated: Bool { times > 1 }

    /// As in `same as #3, 4th time`.
    var description: String {
        let ending =
            switch (times % 10, times % 100) {
            case (1, let rest) where rest != 11: "st"
            case (2, let rest) where rest != 12: "nd"
            case (3, let rest) where rest != 13: "rd"
            default: "th"
            }
        return "same as #\(first), \(times)\(ending) time"
    }
}

extension Failure {
    /// What failures of the same kind have in common: numbers in the message do not count.
    var fingerprint: String {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        var wasDigit = false
        for byte in "\(failureClass.rawValue) \(errorType.rawValue) \(message)".utf8 {
            let isDigit = UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
            if isDigit, wasDigit { continue }
            wasDigit = isDigit
            // FNV-1a: short, and the same in every process.
            hash = (hash ^ UInt64(isDigit ? UInt8(ascii: "0") : byte)) &* 0x0100_0000_01B3
        }
        let digits = String(UInt32(truncatingIfNeeded: hash ^ hash >> 32), radix: 16)
        return String(repeating: "0", count: 8 - digits.utf8.count) + digits
    }
}

extension TesterSession {
    /// Completes the report on a failure: whether it occurred before, and the command that repeats it.
    ///
    /// A repetition does not show the evidence again.
    public func noteRecurrence(in report: inout Report) {
        guard let failure = report.failure else { return }
        report.recurrence = failures.add(failure.fingerprint)
    }
}
