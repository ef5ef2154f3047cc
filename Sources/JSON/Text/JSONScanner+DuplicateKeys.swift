/// Looks for duplicate keys in text that was checked before, without a list of the keys.
extension JSONScanner {
    /// Skips a value, looking for duplicate keys.
    ///
    /// Also returns true for objects with escaped keys or more than 64 keys, and for texts that take more comparisons.
    mutating func findsDuplicateKeys(in raw: RawSpan, comparisons: inout Int) throws(JSONError) -> Bool {
        var found = false
        switch try peek(raw) {
        case UInt8(ascii: "{"):
            let start = self
            // A bit for each key: in most objects no two keys have the same one, so no list of the keys is needed.
            var seen: UInt64 = 0
            var count = 0
            try scanObject(in: raw) { (scanner, key, hasEscapes) throws(JSONError) in
                let bit = raw.bit(of: key)
                count += 1
                found = found || hasEscapes || count > 64
                if !found, seen & bit != 0 {
                    comparisons -= 1
                    found = comparisons < 0 ? true : try start.repeats(key, in: raw)
                }
                if found { return scanner.skipChecked(in: raw) }
                seen |= bit
                found = try scanner.findsDuplicateKeys(in: raw, comparisons: &comparisons)
            }
        case UInt8(ascii: "["):
            try scanArray(in: raw) { (scanner) throws(JSONError) in
                if found { return scanner.skipChecked(in: raw) }
                found = try scanner.findsDuplicateKeys(in: raw, comparisons: &comparisons)
            }
        default: skipChecked(in: raw)
        }
        return found
    }

    /// Whether a key of the object at the position is the same as one before it.
    private func repeats(_ key: Range<Int>, in raw: RawSpan) throws(JSONError) -> Bool {
        var scanner = self
        var found = false
        try scanner.scanObject(in: raw) { (scanner, other, _) throws(JSONError) in
            found = found || other.lowerBound < key.lowerBound && raw.hasSameBytes(other, key)
            scanner.skipChecked(in: raw)
        }
        return found
    }
}

extension RawSpan {
    /// One of 64 bits by length, first and last byte of a key.
    fileprivate func bit(of key: Range<Int>) -> UInt64 {
        guard let last = key.last else { return 1 }
        let first = unsafeLoad(fromByteOffset: key.lowerBound, as: UInt8.self)
        let end = unsafeLoad(fromByteOffset: last, as: UInt8.self)
        return 1 &<< (UInt64(first) &* 5 &+ UInt64(end) &* 11 &+ UInt64(truncatingIfNeeded: key.count) &* 17)
    }

    fileprivate func hasSameBytes(_ one: Range<Int>, _ other: Range<Int>) -> Bool {
        guard one.count == other.count else { return false }
        for offset in 0..<one.count
        where unsafeLoad(fromByteOffset: one.lowerBound &+ offset, as: UInt8.self)
            != unsafeLoad(fromByteOffset: other.lowerBound &+ offset, as: UInt8.self)
        {
            return false
        }
        return true
    }
}
