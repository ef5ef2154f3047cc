import MCPTransport
import TextUtilities

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
