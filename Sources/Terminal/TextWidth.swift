/// The number of columns that text takes at a terminal.
///
/// Source: Unicode 17, "EastAsianWidth" and "emoji-data". Terminals differ for some emoji sequences; most take two columns.
package enum TextWidth {
    /// The columns of a text of one line.
    package static func columns(of text: some StringProtocol) -> Int {
        text.reduce(0) { $0 + columns(of: $1) }
    }

    /// The columns of what a user perceives as one character: 0, 1 or 2, or more in scripts that join letters.
    package static func columns(of character: Character) -> Int {
        if character.isASCII { return character.isPrintableASCII ? 1 : 0 }
        let scalars = character.unicodeScalars
        if scalars.count > 1, scalars.contains(where: joinsEmoji) { return 2 }
        return scalars.reduce(0) { $0 + columns(of: $1) }
    }

    /// The beginning of a text that fits into a number of columns.
    package static func prefix(of text: String, columns limit: Int) -> String {
        var result = ""
        var columns = 0
        for character in text {
            columns += self.columns(of: character)
            guard columns <= limit else { break }
            result.append(character)
        }
        return result
    }

    private static func columns(of scalar: Unicode.Scalar) -> Int {
        let properties = scalar.properties
        switch properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format, .control: return 0
        default: break
        }
        // The vowels and final consonants of decomposed Korean syllables belong to the column of the first one.
        if (0x1160...0x11FF).contains(scalar.value) { return 0 }
        return properties.isEmojiPresentation || isWide(scalar.value) ? 2 : 1
    }

    /// Whether a scalar makes its neighbors one emoji: the joiner, the selector of the colored form, a skin tone, or a letter
    /// of a flag.
    private static func joinsEmoji(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x200D, 0xFE0F, 0x1F3FB...0x1F3FF, 0x1F1E6...0x1F1FF: true
        default: false
        }
    }

    private static func isWide(_ value: UInt32) -> Bool {
        switch value {
        case ..<0x1100: false
        case 0x1100...0x115F, 0x2329...0x232A, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3,
            0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F, 0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x16FE0...0x18DFF,
            0x1AFF0...0x1B2FF, 0x1F200...0x1F2FF, 0x20000...0x3FFFD:
            true
        default: false
        }
    }
}

extension Character {
    fileprivate var isPrintableASCII: Bool {
        asciiValue.map { (0x20..<0x7F).contains($0) } ?? false
    }
}
