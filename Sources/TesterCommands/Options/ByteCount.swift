import ArgumentParser

/// Reads numbers of bytes, such as `65536`, `64K` or `16M`.
enum ByteCount {
    static func read(_ text: String) throws -> Int {
        let factors: [Character: Int] = ["k": 1 << 10, "m": 1 << 20, "g": 1 << 30]
        let factor = text.last.flatMap { factors[Character($0.lowercased())] }
        guard let number = Int(factor == nil ? text : String(text.dropLast())), number > 0,
            case (let bytes, let isTooLarge) = number.multipliedReportingOverflow(by: factor ?? 1), !isTooLarge
        else { throw ValidationError("\"\(text)\" is no number of bytes: give one above 0, such as 65536, 64K or 16M") }
        return bytes
    }
}

/// Reads how many of something there may be.
enum Count {
    static func positive(_ text: String) throws -> Int {
        guard let number = Int(text), number > 0 else {
            throw ValidationError("\"\(text)\" is no count: give a whole number above 0")
        }
        return number
    }

    static func zeroOrMore(_ text: String) throws -> Int {
        guard let number = Int(text), number >= 0 else {
            throw ValidationError("\"\(text)\" is no count: give a whole number")
        }
        return number
    }
}
