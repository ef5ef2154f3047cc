import JSON

/// A duration for reports: milliseconds with at most two decimals.
struct Milliseconds: CustomStringConvertible {
    fileprivate let hundredths: Int64

    init(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        hundredths = seconds * 100_000 + (attoseconds + 5_000_000_000_000) / 10_000_000_000_000
    }

    /// The number without needless zeros; short enough never to be allocated.
    var description: String {
        let (whole, rest) = hundredths.quotientAndRemainder(dividingBy: 100)
        if rest == 0 { return "\(whole)" }
        return rest < 10 ? "\(whole).0\(rest)" : rest % 10 == 0 ? "\(whole).\(rest / 10)" : "\(whole).\(rest)"
    }

    /// The number as JSON.
    var json: JSONValue { .number(JSONNumber(storage: .literal(description))) }
}

extension JSONWriter {
    /// Writes the number.
    mutating func write(_ time: Milliseconds) {
        write(hundredths: time.hundredths)
    }
}
