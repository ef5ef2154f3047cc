/// Makes text from elsewhere safe for a terminal: nothing in it may move the cursor, change colors or the reading direction.
enum SafeText {
    /// Replaces dangerous characters by escapes such as `\u{1b}`; line feeds and tabs stay.
    static func escape(_ text: String) -> String {
        replaceDangerous(in: text) { escape(of: $0) }
    }

    /// Replaces dangerous characters in JSON by its own escapes, which keep the value: they occur only in strings.
    static func escapeJSON(_ text: String) -> String {
        replaceDangerous(in: text) { scalar in
            String(scalar).utf16.map { unit in
                let digits = String(unit, radix: 16)
                return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            }.joined()
        }
    }

    private static func replaceDangerous(in text: String, with escape: (Unicode.Scalar) -> String) -> String {
        guard text.utf8.contains(where: isSuspicious) else { return text }
        var result = ""
        result.reserveCapacity(text.utf8.count + 16)
        for scalar in text.unicodeScalars {
            if isDangerous(scalar) {
                result += escape(scalar)
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// Escapes a single line: line feeds and tabs are replaced, too.
    static func escapeLine(_ text: String) -> String {
        var result = ""
        for scalar in escape(text).unicodeScalars {
            if scalar == "\n" || scalar == "\t" {
                result += escape(of: scalar)
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// Whether a byte may belong to a dangerous character.
    ///
    /// Most text has none and is returned unchanged.
    private static func isSuspicious(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x09, 0x0A: false
        case 0..<0x20, 0x7F: true
        // The first bytes of U+0080 to U+00BF, U+0600 to U+063F, U+2000 to U+2FFF, U+F000 to U+FFFF, U+C0000 and above.
        case 0xC2, 0xD8, 0xE2, 0xEF, 0xF3: true
        default: false
        }
    }

    private static func isDangerous(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0A: false
        case 0..<0x20, 0x7F..<0xA0: true
        // Marks that change the reading direction, and separators of lines and paragraphs.
        case 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069: true
        // Invisible: the byte order mark, and tags, in which text can be hidden.
        case 0xFEFF, 0xE0000...0xE007F: true
        default: false
        }
    }

    private static func escape(of scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "\n": "\\n"
        case "\r": "\\r"
        case "\t": "\\t"
        default: "\\u{\(String(scalar.value, radix: 16))}"
        }
    }
}
