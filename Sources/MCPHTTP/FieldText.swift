import TextUtilities

/// Encodes any text as a header value.
///
/// Source: 2026-07-28, "Streamable HTTP", "Value encoding".
public enum FieldText {
    private static let prefix = "=?base64?"
    private static let suffix = "?="

    /// The header value for a text: the text itself if it is safe, otherwise Base64 between markers.
    public static func encode(_ text: String) -> String {
        guard needsEncoding(text) else { return text }
        return prefix + Base64.encode(Array(text.utf8)) + suffix
    }

    /// The text of a header value.
    ///
    /// A value without the markers is the text itself.
    ///
    /// - Returns: nil if the markers do not enclose canonical Base64 of UTF-8 text.
    public static func decode(_ value: String) -> String? {
        guard hasMarkers(value) else { return value }
        let inner = value.dropFirst(prefix.count).dropLast(suffix.count)
        guard let bytes = Base64.decode(inner.utf8) else { return nil }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func hasMarkers(_ value: String) -> Bool {
        value.hasPrefix(prefix) && value.hasSuffix(suffix) && value.utf8.count >= prefix.utf8.count + suffix.utf8.count
    }

    private static func needsEncoding(_ text: String) -> Bool {
        let bytes = text.utf8
        guard let first = bytes.first, let last = bytes.last else { return false }
        if first == 0x20 || last == 0x20 { return true }
        // A tab is allowed inside a value, but some implementations reject it.
        return !bytes.allSatisfy { (0x20...0x7E).contains($0) } || hasMarkers(text)
    }
}
