import ArgumentParser

/// Reads and writes sizes in bytes, such as `65536`, `64K` or `16M`.
enum ByteCount {
    private static let units: [(suffix: String, bytes: Int)] = [("G", 1 << 30), ("M", 1 << 20), ("K", 1 << 10)]

    static func read(_ text: String) throws -> Int {
        let unit = units.first { text.uppercased().hasSuffix($0.suffix) }
        guard let number = Int(unit == nil ? text : String(text.dropLast())), number > 0,
            case (let bytes, let isTooLarge) = number.multipliedReportingOverflow(by: unit?.bytes ?? 1), !isTooLarge
        else { throw ValidationError("\"\(text)\" is not a size: give bytes above 0, such as 65536, 64K or 16M") }
        return bytes
    }

    /// The size in the largest unit that divides it.
    static func text(_ bytes: Int) -> String {
        guard let unit = units.first(where: { bytes % $0.bytes == 0 }) else { return "\(bytes)" }
        return "\(bytes / unit.bytes)\(unit.suffix)"
    }
}

/// Reads counts.
enum Count {
    static func positive(_ text: String) throws -> Int {
        guard let number = Int(text), number > 0 else {
            throw ValidationError("\"\(text)\" is not a count: give a whole number above 0")
        }
        return number
    }

    static func zeroOrMore(_ text: String) throws -> Int {
        guard let number = Int(text), number >= 0 else {
            throw ValidationError("\"\(text)\" is not a count: give a whole number")
        }
        return number
    }
}
