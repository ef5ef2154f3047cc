/// A text whose parts that differ in every run are replaced by marks: times, UUIDs, durations, addresses.
struct VolatileText {
    /// The text with the marks.
    let masked: String
    /// The kinds of the replaced parts, in order.
    private(set) var kinds: [Volatility] = []
    /// Whether the whole text is one such part.
    let isWhole: Bool

    init(_ text: String) {
        let bytes = Array(text.utf8)
        var masked: [UInt8] = []
        masked.reserveCapacity(bytes.count)
        var index = 0
        var wholeLength = 0
        while index < bytes.count {
            let isBoundary = index == 0 || !bytes[index - 1].isWordByte
            if isBoundary, bytes[index].isWordByte, let (kind, end) = Self.part(of: bytes, from: index) {
                kinds.append(kind)
                if index == 0 { wholeLength = end }
                masked.append(0)
                masked += Array(kind.rawValue.utf8)
                masked.append(0)
                index = end
            } else {
                masked.append(bytes[index])
                index += 1
            }
        }
        isWhole = wholeLength == bytes.count && !bytes.isEmpty
        self.masked = String(decoding: masked, as: UTF8.self)
    }

    /// The volatile part that begins at an index, and where it ends.
    private static func part(of bytes: [UInt8], from start: Int) -> (Volatility, end: Int)? {
        let candidates: [(Volatility, (inout Scanner) -> Bool)] = [
            (.uuid, { $0.readUUID() }), (.timestamp, { $0.readDateTime() }), (.timestamp, { $0.readTime() }),
            (.duration, { $0.readDuration() }), (.address, { $0.readAddress() }),
            (.identifier, { $0.readRequestIdentifier() }),
        ]
        for (kind, read) in candidates {
            var scanner = Scanner(bytes, at: start)
            if read(&scanner), scanner.isAtWordEnd { return (kind, scanner.index) }
        }
        return nil
    }
}

/// Reads the shapes of volatile values.
private struct Scanner {
    private let bytes: [UInt8]
    private(set) var index: Int

    init(_ bytes: [UInt8], at index: Int) {
        self.bytes = bytes
        self.index = index
    }

    private var byte: UInt8? { index < bytes.count ? bytes[index] : nil }

    var isAtWordEnd: Bool { byte.map { !$0.isWordByte } ?? true }

    private mutating func read(_ text: StaticString) -> Bool {
        let wanted = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
        guard index + wanted.count <= bytes.count, bytes[index..<index + wanted.count].elementsEqual(wanted) else {
            return false
        }
        index += wanted.count
        return true
    }

    /// Reads as many matching bytes as there are, up to a limit.
    private mutating func count(upTo limit: Int = .max, where matches: (UInt8) -> Bool) -> Int {
        let start = index
        while let byte, index - start < limit, matches(byte) { index += 1 }
        return index - start
    }

    private mutating func digits(_ wanted: Int) -> Bool { count(upTo: wanted, where: \.isDigit) == wanted }

    /// Such as 123e4567-e89b-12d3-a456-426614174000.
    mutating func readUUID() -> Bool {
        for (position, length) in [8, 4, 4, 4, 12].enumerated() {
            if position > 0, !read("-") { return false }
            guard count(upTo: length, where: \.isHexDigit) == length else { return false }
        }
        return true
    }

    /// Such as 2026-11-29T12:30:00.5Z or 2026-11-29 12:30.
    mutating func readDateTime() -> Bool {
        guard digits(4), read("-"), digits(2), read("-"), digits(2), read("T") || read(" "), digits(2), read(":"),
            digits(2)
        else { return false }
        if read(":") {
            guard digits(2) else { return false }
            readFraction()
        }
        readZone()
        return true
    }

    /// Such as 12:30:00.5.
    mutating func readTime() -> Bool {
        guard digits(2), read(":"), digits(2), read(":"), digits(2) else { return false }
        readFraction()
        readZone()
        return true
    }

    private mutating func readFraction() {
        let start = index
        if read(".") || read(","), count(where: \.isDigit) > 0 { return }
        index = start
    }

    private mutating func readZone() {
        if read("Z") { return }
        let start = index
        if read("+") || read("-"), digits(2) {
            if !read(":") { return }
            if digits(2) { return }
        }
        index = start
    }

    /// Such as 12 ms, 0.35s or PT1.5S; whole seconds are more often a setting than a measurement.
    mutating func readDuration() -> Bool {
        if read("PT") {
            return count { $0.isDigit || $0 == UInt8(ascii: ".") || "HMS".utf8.contains($0) } > 1
        }
        guard count(where: \.isDigit) > 0 else { return false }
        let whole = index
        readFraction()
        let hasFraction = index > whole
        _ = read(" ")
        for unit: StaticString in ["milliseconds", "microseconds", "nanoseconds", "ms", "µs", "μs", "us", "ns"]
        where read(unit) {
            return true
        }
        guard hasFraction else { return false }
        for unit: StaticString in ["seconds", "secs", "sec", "s"] where read(unit) { return true }
        return false
    }

    /// Such as 0x7f3a5c001200.
    mutating func readAddress() -> Bool {
        read("0x") && count(where: \.isHexDigit) >= 6
    }

    /// Such as req_011CQxyz.
    mutating func readRequestIdentifier() -> Bool {
        guard read("req_") || read("req-") || read("request-") || read("trace-") else { return false }
        var hasDigit = false
        let length = count { byte in
            hasDigit = hasDigit || byte.isDigit
            return byte.isWordByte
        }
        return length >= 8 && hasDigit
    }
}

extension UInt8 {
    fileprivate var isDigit: Bool { UInt8(ascii: "0") <= self && self <= UInt8(ascii: "9") }

    fileprivate var isHexDigit: Bool {
        isDigit || UInt8(ascii: "a") <= self | 0x20 && self | 0x20 <= UInt8(ascii: "f")
    }

    /// A letter, a digit, an underscore, or a part of a scalar beyond ASCII.
    fileprivate var isWordByte: Bool {
        isDigit || UInt8(ascii: "a") <= self | 0x20 && self | 0x20 <= UInt8(ascii: "z") || self == UInt8(ascii: "_")
            || self >= 0x80
    }
}
