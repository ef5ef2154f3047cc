/// Text as the value of a header, where any text must be able to stand.
///
/// Source: 2026-07-28, "Streamable HTTP", "Value encoding".
public enum FieldText {
    private static let prefix = "=?base64?"
    private static let suffix = "?="

    /// The text as it goes on the wire: as it is where that is safe, else in Base64 between marks.
    public static func encode(_ text: String) -> String {
        guard needsEncoding(text) else { return text }
        return prefix + Base64.encode(Array(text.utf8)) + suffix
    }

    /// What a value on the wire says; values without the marks say themselves.
    ///
    /// - Returns: Nothing where the marks are there but what stands between them is no canonical Base64 of UTF-8 text.
    public static func decode(_ value: String) -> String? {
        guard isMarked(value) else { return value }
        let inner = value.dropFirst(prefix.count).dropLast(suffix.count)
        guard let bytes = Base64.decode(inner.utf8) else { return nil }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func isMarked(_ value: String) -> Bool {
        value.hasPrefix(prefix) && value.hasSuffix(suffix) && value.utf8.count >= prefix.utf8.count + suffix.utf8.count
    }

    private static func needsEncoding(_ text: String) -> Bool {
        let bytes = text.utf8
        guard let first = bytes.first, let last = bytes.last else { return false }
        if first == 0x20 || last == 0x20 { return true }
        // A tab inside is allowed, but some implementations refuse it.
        return !bytes.allSatisfy { (0x20...0x7E).contains($0) } || isMarked(text)
    }
}

/// Base64 with padding, as RFC 4648 section 4 writes it.
public enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    /// The text of bytes.
    public static func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        var index = 0
        while index < bytes.count {
            let count = min(3, bytes.count - index)
            let group =
                UInt32(bytes[index]) << 16 | (count > 1 ? UInt32(bytes[index + 1]) << 8 : 0)
                | (count > 2 ? UInt32(bytes[index + 2]) : 0)
            for place in 0..<4 {
                let letter = alphabet[Int(group >> UInt32(18 - 6 * place)) & 63]
                text.append(place <= count ? letter : UInt8(ascii: "="))
            }
            index += 3
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The bytes of a text; nothing if it is not the one text that encodes them.
    public static func decode(_ text: some Sequence<UInt8>) -> [UInt8]? {
        let letters = Array(text)
        guard letters.count.isMultiple(of: 4) else { return nil }
        let padding = letters.reversed().prefix { $0 == UInt8(ascii: "=") }.count
        guard padding <= 2 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(letters.count / 4 * 3)
        var (group, bits): (UInt32, Int) = (0, 0)
        for letter in letters.dropLast(padding) {
            guard let digit = alphabet.firstIndex(of: letter) else { return nil }
            group = group << 6 | UInt32(digit)
            bits += 6
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(truncatingIfNeeded: group >> UInt32(bits)))
                group &= (1 << UInt32(bits)) - 1
            }
        }
        // Bits that are left over must be zero, or two texts would mean the same.
        return group == 0 ? bytes : nil
    }
}
