extension Character {
    /// The number of columns that a terminal uses for the character: 0, 1 or 2.
    package var displayWidth: Int {
        // By far the most common case, without a look at Unicode's tables.
        if let ascii = asciiValue { return ascii < 0x20 || ascii == 0x7F ? 0 : 1 }
        return unicodeScalars.reduce(0) { max($0, $1.displayWidth) }
    }
}

extension String {
    /// The number of columns that a terminal uses for the text.
    package var displayWidth: Int { reduce(0) { $0 + $1.displayWidth } }
}

extension Unicode.Scalar {
    /// Source: Unicode Standard Annex 11, East Asian Width (W and F), and the emoji presentation of UTS 51.
    fileprivate var displayWidth: Int {
        switch value {
        // The variation selector that turns a sign into an emoji.
        case 0xFE0F: return 2
        case 0x1100...0x115F, 0x2329...0x232A, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3,
            0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F, 0xFF01...0xFF60, 0xFFE0...0xFFE6,
            0x16FE0...0x18CFF, 0x1AFF0...0x1B2FF, 0x1F200...0x1F320, 0x20000...0x2FFFD, 0x30000...0x3FFFD:
            return 2
        default: break
        }
        if properties.isEmojiPresentation { return 2 }
        switch properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format, .control: return 0
        default: return 1
        }
    }
}
