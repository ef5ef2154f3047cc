/// Checks the grammar of JSON text and locates its parts.
///
/// Each step takes the bytes as a parameter, because a span cannot be stored. They must be UTF-8; `JSONText` checks that
/// once for the whole text. Each unchecked load follows a comparison of the position with the number of bytes.
struct JSONScanner {
    var position = 0
    private var depthLeft: Int
    private let depthLimit: Int

    init(depth: Int = JSONLimits().depth) {
        depthLeft = depth
        depthLimit = depth
    }

    // MARK: - Steps

    @inline(__always)
    func peek(_ bytes: RawSpan) throws(JSONError) -> UInt8 {
        guard position < bytes.byteCount else { throw JSONError(.unexpectedEnd, at: bytes.byteCount) }
        return bytes.unsafeLoad(fromUncheckedByteOffset: position, as: UInt8.self)
    }

    @inline(__always)
    mutating func skipWhitespace(in bytes: RawSpan) {
        while position < bytes.byteCount {
            let byte = bytes.unsafeLoad(fromUncheckedByteOffset: position, as: UInt8.self)
            // Nearly all text is compact.
            if byte > 0x20 { return }
            guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return }
            position &+= 1
        }
    }

    @inline(__always)
    mutating func expect(_ byte: UInt8, in bytes: RawSpan, named name: @autoclosure () -> String) throws(JSONError) {
        let found = try peek(bytes)
        guard found == byte else { throw JSONError(.unexpected(byte: found, expected: name()), at: position) }
        position &+= 1
    }

    mutating func expectEnd(of bytes: RawSpan) throws(JSONError) {
        skipWhitespace(in: bytes)
        guard position == bytes.byteCount else { throw JSONError(.trailingText, at: position) }
    }

    mutating func expectWord(_ word: StaticString, in bytes: RawSpan) throws(JSONError) {
        let rest = bytes.byteCount &- position
        if rest >= word.utf8CodeUnitCount, bytes.extracting(position...).starts(with: word) {
            position &+= word.utf8CodeUnitCount
            return
        }
        for index in 0..<word.utf8CodeUnitCount {
            try expect(word.utf8Start[index], in: bytes, named: "\(word)")
        }
    }

    mutating func enter() throws(JSONError) {
        guard depthLeft > 0 else { throw JSONError(.tooDeep(limit: depthLimit), at: position) }
        depthLeft &-= 1
        position &+= 1
    }

    mutating func leave() {
        depthLeft &+= 1
        position &+= 1
    }

    // MARK: - Values

    mutating func skipValue(in bytes: RawSpan) throws(JSONError) {
        switch try peek(bytes) {
        case UInt8(ascii: "\""): _ = try skipString(in: bytes)
        case UInt8(ascii: "{"):
            try scanObject(in: bytes) { (scanner, _, _) throws(JSONError) in try scanner.skipValue(in: bytes) }
        case UInt8(ascii: "["):
            try scanArray(in: bytes) { (scanner) throws(JSONError) in try scanner.skipValue(in: bytes) }
        case UInt8(ascii: "t"): try expectWord("true", in: bytes)
        case UInt8(ascii: "f"): try expectWord("false", in: bytes)
        case UInt8(ascii: "n"): try expectWord("null", in: bytes)
        default: _ = try skipNumber(in: bytes)
        }
    }

    /// Scans an object.
    ///
    /// The closure gets the range of each key without its quotes and must skip the value.
    @inline(__always)
    mutating func scanObject(
        in bytes: RawSpan,
        member: (inout JSONScanner, _ key: Range<Int>, _ keyHasEscapes: Bool) throws(JSONError) -> Void
    ) throws(JSONError) {
        try enter()
        skipWhitespace(in: bytes)
        if try peek(bytes) == UInt8(ascii: "}") {
            leave()
            return
        }
        while true {
            let found = try peek(bytes)
            guard found == UInt8(ascii: "\"") else {
                throw JSONError(.unexpected(byte: found, expected: "a member name in quotes"), at: position)
            }
            let start = position &+ 1
            let hasEscapes = try skipString(in: bytes)
            let key = start..<(position &- 1)
            skipWhitespace(in: bytes)
            try expect(UInt8(ascii: ":"), in: bytes, named: "':' after a member name")
            skipWhitespace(in: bytes)
            try member(&self, key, hasEscapes)
            skipWhitespace(in: bytes)
            switch try peek(bytes) {
            case UInt8(ascii: ","):
                position &+= 1
                skipWhitespace(in: bytes)
            case UInt8(ascii: "}"):
                leave()
                return
            case let byte: throw JSONError(.unexpected(byte: byte, expected: "',' or '}' after a member"), at: position)
            }
        }
    }

    /// Scans an array.
    ///
    /// The closure must skip each element.
    @inline(__always)
    mutating func scanArray(
        in bytes: RawSpan,
        element: (inout JSONScanner) throws(JSONError) -> Void
    ) throws(JSONError) {
        try enter()
        skipWhitespace(in: bytes)
        if try peek(bytes) == UInt8(ascii: "]") {
            leave()
            return
        }
        while true {
            try element(&self)
            skipWhitespace(in: bytes)
            switch try peek(bytes) {
            case UInt8(ascii: ","):
                position &+= 1
                skipWhitespace(in: bytes)
            case UInt8(ascii: "]"):
                leave()
                return
            case let byte:
                throw JSONError(.unexpected(byte: byte, expected: "',' or ']' after an element"), at: position)
            }
        }
    }
}

// MARK: - Strings

extension JSONScanner {
    /// Skips a string and returns whether it has escapes.
    @inline(__always)
    mutating func skipString(in bytes: RawSpan) throws(JSONError) -> Bool {
        let start = position
        position &+= 1
        var hasEscapes = false
        while true {
            skipPlainCharacters(in: bytes)
            guard position < bytes.byteCount else { throw JSONError(.unexpectedEnd, at: start) }
            switch bytes.unsafeLoad(fromUncheckedByteOffset: position, as: UInt8.self) {
            case UInt8(ascii: "\""):
                position &+= 1
                return hasEscapes
            case UInt8(ascii: "\\"):
                hasEscapes = true
                _ = try readEscape(in: bytes)
            case let byte: throw JSONError(.controlCharacter(byte), at: position)
            }
        }
    }

    /// Advances to the next quote, backslash, control character or the end, eight bytes at a time.
    @inline(__always)
    mutating func skipPlainCharacters(in bytes: RawSpan) {
        while position &+ 8 <= bytes.byteCount {
            let word = UInt64(
                littleEndian: bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: position, as: UInt64.self)
            )
            let special = word.specialBytes
            if special != 0 {
                position &+= special.trailingZeroBitCount &>> 3
                return
            }
            position &+= 8
        }
        while position < bytes.byteCount {
            let byte = bytes.unsafeLoad(fromUncheckedByteOffset: position, as: UInt8.self)
            if byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { return }
            position &+= 1
        }
    }

    /// Reads one escape or surrogate pair.
    mutating func readEscape(in bytes: RawSpan) throws(JSONError) -> UnicodeScalar {
        let start = position
        position &+= 1
        let letter = try peek(bytes)
        position &+= 1
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return UnicodeScalar(letter)
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): break
        default: throw JSONError(.invalidEscape, at: start)
        }
        let unit = try readHex(in: bytes, escapeAt: start)
        if let scalar = UnicodeScalar(unit) { return scalar }
        guard unit < 0xDC00, position &+ 1 < bytes.byteCount,
            bytes.unsafeLoad(fromUncheckedByteOffset: position, as: UInt8.self) == UInt8(ascii: "\\"),
            bytes.unsafeLoad(fromUncheckedByteOffset: position &+ 1, as: UInt8.self) == UInt8(ascii: "u")
        else { throw JSONError(.loneSurrogate, at: start) }
        let second = position
        position &+= 2
        let low = try readHex(in: bytes, escapeAt: second)
        guard (0xDC00...0xDFFF).contains(low),
            let scalar = UnicodeScalar(0x10000 &+ ((unit &- 0xD800) &<< 10) &+ (low &- 0xDC00))
        else { throw JSONError(.loneSurrogate, at: start) }
        return scalar
    }

    private mutating func readHex(in bytes: RawSpan, escapeAt start: Int) throws(JSONError) -> UInt32 {
        guard position &+ 4 <= bytes.byteCount else { throw JSONError(.unexpectedEnd, at: start) }
        var value: UInt32 = 0
        for _ in 0..<4 {
            let byte = bytes.unsafeLoad(fromUncheckedByteOffset: position, as: UInt8.self)
            let digit: UInt8
            switch byte {
            case 0x30...0x39: digit = byte &- 0x30
            case 0x41...0x46: digit = byte &- 0x37
            case 0x61...0x66: digit = byte &- 0x57
            default: throw JSONError(.invalidEscape, at: start)
            }
            value = value &<< 4 | UInt32(digit)
            position &+= 1
        }
        return value
    }
}

extension UInt64 {
    /// The top bit of each byte that needs attention in a string: quotes, backslashes and control characters.
    ///
    /// Only the lowest bit that is set is reliable.
    @inline(__always)
    var specialBytes: UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let quotes = self ^ (ones &* 0x22)
        let backslashes = self ^ (ones &* 0x5C)
        return ((self &- ones &* 0x20) & ~self | (quotes &- ones) & ~quotes | (backslashes &- ones) & ~backslashes)
            & (ones &* 0x80)
    }
}

// MARK: - Numbers

extension JSONScanner {
    /// Skips a number and returns whether it is a plain integer: no fraction, no exponent, not `-0`.
    mutating func skipNumber(in bytes: RawSpan) throws(JSONError) -> Bool {
        let start = position
        let isNegative = try peek(bytes) == UInt8(ascii: "-")
        if isNegative { position &+= 1 }
        guard position < bytes.byteCount, isDigit(bytes) else {
            let found = try peek(bytes)
            throw isNegative
                ? JSONError(.invalidNumber, at: start)
                : JSONError(.unexpected(byte: found, expected: "a value"), at: start)
        }
        let leadsWithZero = try peek(bytes) == UInt8(ascii: "0")
        skipDigits(in: bytes)
        if leadsWithZero, position &- start > (isNegative ? 2 : 1) { throw JSONError(.invalidNumber, at: start) }
        var isPlain = !(leadsWithZero && isNegative)
        if position < bytes.byteCount, try peek(bytes) == UInt8(ascii: ".") {
            position &+= 1
            try requireDigits(in: bytes, numberAt: start)
            isPlain = false
        }
        if position < bytes.byteCount, try peek(bytes) | 0x20 == UInt8(ascii: "e") {
            position &+= 1
            if position < bytes.byteCount, [UInt8(ascii: "+"), UInt8(ascii: "-")].contains(try peek(bytes)) {
                position &+= 1
            }
            try requireDigits(in: bytes, numberAt: start)
            isPlain = false
        }
        return isPlain
    }

    mutating func readNumber(in bytes: RawSpan) throws(JSONError) -> JSONNumber {
        let start = position
        let isPlain = try skipNumber(in: bytes)
        let range = start..<position
        guard isPlain, range.count <= 18 else {
            return JSONNumber(storage: .literal(bytes.extracting(range).string))
        }
        var value: Int64 = 0
        let isNegative = bytes.unsafeLoad(fromUncheckedByteOffset: start, as: UInt8.self) == UInt8(ascii: "-")
        for index in (isNegative ? start &+ 1 : start)..<position {
            value = value &* 10 &+ Int64(bytes.unsafeLoad(fromUncheckedByteOffset: index, as: UInt8.self) &- 0x30)
        }
        return JSONNumber(storage: .integer(isNegative ? -value : value))
    }

    private func isDigit(_ bytes: RawSpan) -> Bool {
        (0x30...0x39).contains(bytes.unsafeLoad(fromUncheckedByteOffset: position, as: UInt8.self))
    }

    private mutating func skipDigits(in bytes: RawSpan) {
        while position < bytes.byteCount, isDigit(bytes) { position &+= 1 }
    }

    private mutating func requireDigits(in bytes: RawSpan, numberAt start: Int) throws(JSONError) {
        let first = position
        skipDigits(in: bytes)
        guard position > first else { throw JSONError(.invalidNumber, at: start) }
    }
}

extension RawSpan {
    /// Whether the bytes begin with a word of four or five letters.
    ///
    /// The span must have at least as many bytes.
    @inline(__always)
    func starts(with word: StaticString) -> Bool {
        let head = unsafeLoadUnaligned(fromUncheckedByteOffset: 0, as: UInt32.self)
        let expected = UnsafeRawPointer(word.utf8Start).loadUnaligned(as: UInt32.self)
        guard head == expected else { return false }
        return word.utf8CodeUnitCount == 4
            || unsafeLoad(fromUncheckedByteOffset: 4, as: UInt8.self) == word.utf8Start[4]
    }

    /// The text of bytes that are known to be UTF-8.
    @inline(__always)
    var string: String {
        withUnsafeBytes { bytes in
            String(copying: UTF8Span(unchecked: bytes.bindMemory(to: UInt8.self).span))
        }
    }
}
