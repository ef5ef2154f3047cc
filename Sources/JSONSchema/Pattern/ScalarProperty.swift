/// The Unicode properties of `\p{…}`: general categories and binary properties, not scripts.
enum ScalarProperty {
    /// The test for a property, or nil if the name is unknown.
    static func test(named name: String) -> (@Sendable (Unicode.Scalar) -> Bool)? {
        let parts = name.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        if parts.count == 2 {
            return ["General_Category", "gc"].contains(parts[0]) ? categoryTest(named: parts[1]) : nil
        }
        return categoryTest(named: name) ?? binaryTest(named: name)
    }

    private static func categoryTest(named name: String) -> (@Sendable (Unicode.Scalar) -> Bool)? {
        guard let group = groups.first(where: { $0.names.contains(name) }) else {
            guard let entry = categories.first(where: { $0.names.contains(name) }) else { return nil }
            return { $0.properties.generalCategory == entry.category }
        }
        let members = categories.filter { entry in
            entry.names[0].hasPrefix(group.prefix) && (group.prefix != "L" || group.names[0] == "L" || entry.isCased)
        }
        .map(\.category)
        return { members.contains($0.properties.generalCategory) }
    }

    private static let groups: [(prefix: String, names: [String])] = [
        ("L", ["LC", "Cased_Letter"]), ("L", ["L", "Letter"]), ("M", ["M", "Mark", "Combining_Mark"]),
        ("N", ["N", "Number"]), ("P", ["P", "Punctuation", "punct"]), ("S", ["S", "Symbol"]),
        ("Z", ["Z", "Separator"]), ("C", ["C", "Other"]),
    ]

    private struct Category: Sendable {
        let names: [String]
        let category: Unicode.GeneralCategory
        var isCased: Bool { ["Lu", "Ll", "Lt"].contains(names[0]) }
    }

    private static let categories: [Category] = [
        Category(names: ["Lu", "Uppercase_Letter"], category: .uppercaseLetter),
        Category(names: ["Ll", "Lowercase_Letter"], category: .lowercaseLetter),
        Category(names: ["Lt", "Titlecase_Letter"], category: .titlecaseLetter),
        Category(names: ["Lm", "Modifier_Letter"], category: .modifierLetter),
        Category(names: ["Lo", "Other_Letter"], category: .otherLetter),
        Category(names: ["Mn", "Nonspacing_Mark"], category: .nonspacingMark),
        Category(names: ["Mc", "Spacing_Mark"], category: .spacingMark),
        Category(names: ["Me", "Enclosing_Mark"], category: .enclosingMark),
        Category(names: ["Nd", "Decimal_Number", "digit"], category: .decimalNumber),
        Category(names: ["Nl", "Letter_Number"], category: .letterNumber),
        Category(names: ["No", "Other_Number"], category: .otherNumber),
        Category(names: ["Pc", "Connector_Punctuation"], category: .connectorPunctuation),
        Category(names: ["Pd", "Dash_Punctuation"], category: .dashPunctuation),
        Category(names: ["Ps", "Open_Punctuation"], category: .openPunctuation),
        Category(names: ["Pe", "Close_Punctuation"], category: .closePunctuation),
        Category(names: ["Pi", "Initial_Punctuation"], category: .initialPunctuation),
        Category(names: ["Pf", "Final_Punctuation"], category: .finalPunctuation),
        Category(names: ["Po", "Other_Punctuation"], category: .otherPunctuation),
        Category(names: ["Sm", "Math_Symbol"], category: .mathSymbol),
        Category(names: ["Sc", "Currency_Symbol"], category: .currencySymbol),
        Category(names: ["Sk", "Modifier_Symbol"], category: .modifierSymbol),
        Category(names: ["So", "Other_Symbol"], category: .otherSymbol),
        Category(names: ["Zs", "Space_Separator"], category: .spaceSeparator),
        Category(names: ["Zl", "Line_Separator"], category: .lineSeparator),
        Category(names: ["Zp", "Paragraph_Separator"], category: .paragraphSeparator),
        Category(names: ["Cc", "Control", "cntrl"], category: .control),
        Category(names: ["Cf", "Format"], category: .format),
        Category(names: ["Cs", "Surrogate"], category: .surrogate),
        Category(names: ["Co", "Private_Use"], category: .privateUse),
        Category(names: ["Cn", "Unassigned"], category: .unassigned),
    ]

    private static func binaryTest(named name: String) -> (@Sendable (Unicode.Scalar) -> Bool)? {
        switch name {
        case "Any": { _ in true }
        case "ASCII": { $0.isASCII }
        case "Assigned": { $0.properties.generalCategory != .unassigned }
        case "ASCII_Hex_Digit", "AHex": { $0.properties.isASCIIHexDigit }
        case "Hex_Digit", "Hex": { $0.properties.isHexDigit }
        case "Alphabetic", "Alpha": { $0.properties.isAlphabetic }
        case "Uppercase", "Upper": { $0.properties.isUppercase }
        case "Lowercase", "Lower": { $0.properties.isLowercase }
        case "White_Space", "space": { $0.properties.isWhitespace }
        case "Math": { $0.properties.isMath }
        case "Dash": { $0.properties.isDash }
        case "Diacritic", "Dia": { $0.properties.isDiacritic }
        case "Ideographic", "Ideo": { $0.properties.isIdeographic }
        case "Emoji": { $0.properties.isEmoji }
        case "Emoji_Presentation", "EPres": { $0.properties.isEmojiPresentation }
        case "Emoji_Modifier", "EMod": { $0.properties.isEmojiModifier }
        case "ID_Start", "IDS": { $0.properties.isIDStart }
        case "ID_Continue", "IDC": { $0.properties.isIDContinue }
        case "XID_Start", "XIDS": { $0.properties.isXIDStart }
        case "XID_Continue", "XIDC": { $0.properties.isXIDContinue }
        default: nil
        }
    }
}
