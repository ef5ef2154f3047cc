import JSONSchema

/// The optional tests that fail, and why.
enum NotPassed {
    /// Tests of one group that share a reason.
    struct Entry {
        let file: String
        let dialects: [JSONSchema.Dialect]
        let group: String
        let reason: String
        /// The tests, or nil if the schema of the group is rejected as a whole.
        let names: [String]?
    }

    static func names(in file: SchemaSuite.File) -> Set<String> {
        let entries = entries.filter { $0.file == file.path && $0.dialects.contains(file.dialect) }
        return Set(entries.flatMap { entry in entry.names?.map { "\(entry.group) | \($0)" } ?? [entry.group] })
    }

    static let entries: [Entry] = [
        Entry(
            file: "optional/cross-draft.json",
            dialects: [.draft202012],
            group: "refs to historic drafts are processed as historic drafts",
            reason: "It refers to a schema in the dialect 2019-09, which is not supported.",
            names: nil
        ),
        Entry(
            file: "optional/cross-draft.json",
            dialects: [.draft07],
            group: "refs to future drafts are processed as future drafts",
            reason: "It refers to a schema in the dialect 2019-09, which is not supported.",
            names: nil
        ),
        Entry(
            file: "optional/format/hostname.json",
            dialects: [.draft07, .draft202012],
            group: "validation of A-label (punycode) host names",
            reason: "What stands behind \"xn--\" is not decoded, so that the rules of IDNA for it are not checked.",
            names: [
                "Arabic-Indic digits mixed with Extended Arabic-Indic digits",
                "Begins with a Nonspacing Mark",
                "Begins with a Spacing Combining Mark",
                "Begins with an Enclosing Mark",
                "Exceptions that are DISALLOWED, left-to-right chars",
                "Exceptions that are DISALLOWED, right-to-left chars",
                "Greek KERAIA not followed by Greek",
                "Greek KERAIA not followed by anything",
                "Hebrew GERESH not preceded by Hebrew",
                "Hebrew GERESH not preceded by anything",
                "Hebrew GERSHAYIM not preceded by Hebrew",
                "Hebrew GERSHAYIM not preceded by anything",
                "KATAKANA MIDDLE DOT with no Hiragana, Katakana, or Han",
                "KATAKANA MIDDLE DOT with no other characters",
                "MIDDLE DOT with no following \'l\'",
                "MIDDLE DOT with no preceding \'l\'",
                "MIDDLE DOT with nothing following",
                "MIDDLE DOT with nothing preceding",
                "ZERO WIDTH JOINER not preceded by Virama",
                "ZERO WIDTH JOINER not preceded by anything",
                "contains \"--\" in the 3rd and 4th position",
                "contains illegal char U+302E Hangul single dot tone mark",
                "invalid Punycode",
            ]
        ),
        Entry(
            file: "optional/format/idn-hostname.json",
            dialects: [.draft07, .draft202012],
            group: "validation of internationalized host names",
            reason: "The format needs the tables of IDNA and is not checked.",
            names: [
                "A-label that decodes to a Bidi rule violation is invalid",
                "A-label that decodes to a disallowed code point is invalid",
                "A-label that decodes to only ASCII is invalid",
                "Arabic-Indic digits mixed with Extended Arabic-Indic digits",
                "Begins with a Nonspacing Mark",
                "Begins with a Spacing Combining Mark",
                "Begins with an Enclosing Mark",
                "Bidi domain name with a digit-first label is invalid",
                "Exceptions that are DISALLOWED, left-to-right chars",
                "Exceptions that are DISALLOWED, right-to-left chars",
                "Greek KERAIA not followed by Greek",
                "Greek KERAIA not followed by anything",
                "Hebrew GERESH not preceded by Hebrew",
                "Hebrew GERESH not preceded by anything",
                "Hebrew GERSHAYIM not preceded by Hebrew",
                "Hebrew GERSHAYIM not preceded by anything",
                "KATAKANA MIDDLE DOT with no Hiragana, Katakana, or Han",
                "KATAKANA MIDDLE DOT with no other characters",
                "MIDDLE DOT with no following \'l\'",
                "MIDDLE DOT with no preceding \'l\'",
                "MIDDLE DOT with nothing following",
                "MIDDLE DOT with nothing preceding",
                "U-label contains \"--\" in the 3rd and 4th position",
                "U-label ends with a dash",
                "U-label starts and ends with a dash",
                "U-label starts with a dash",
                "ZERO WIDTH JOINER not preceded by Virama",
                "ZERO WIDTH JOINER not preceded by anything",
                "a U-label whose A-label form is longer than 63 octets is invalid",
                "a name longer than 253 characters is invalid",
                "a single label of 64 characters is too long",
                "contains illegal char U+302E Hangul single dot tone mark",
                "empty label between two dots is invalid",
                "empty string",
                "illegal first char U+302E Hangul single dot tone mark",
                "invalid Punycode",
                "invalid label, correct Punycode",
                "label starting with a digit before a right-to-left letter is invalid",
                "left-to-right label containing a right-to-left letter is invalid",
                "non-canonical Punycode that does not re-encode to itself is invalid",
                "right-to-left label mixing both digit types is invalid",
                "zero width non-joiner must pass at every occurrence",
            ]
        ),
        Entry(
            file: "optional/format/idn-hostname.json",
            dialects: [.draft07, .draft202012],
            group: "validation of separators in internationalized host names",
            reason: "The format needs the tables of IDNA and is not checked.",
            names: [
                "leading dot",
                "leading fullwidth full stop",
                "leading halfwidth ideographic full stop",
                "leading ideographic full stop",
                "single dot",
                "single fullwidth full stop",
                "single halfwidth ideographic full stop",
                "single ideographic full stop",
                "trailing dot",
                "trailing fullwidth full stop",
                "trailing halfwidth ideographic full stop",
                "trailing ideographic full stop",
            ]
        ),
        Entry(
            file: "optional/content.json",
            dialects: [.draft07],
            group: "validation of binary string-encoding",
            reason: "What strings contain is not looked at; later dialects say that it must not be asserted.",
            names: [
                "an invalid base64 string (% is not a valid character)"
            ]
        ),
        Entry(
            file: "optional/content.json",
            dialects: [.draft07],
            group: "validation of binary-encoded media type documents",
            reason: "What strings contain is not looked at; later dialects say that it must not be asserted.",
            names: [
                "a validly-encoded invalid JSON document",
                "an invalid base64 string that is valid JSON",
            ]
        ),
        Entry(
            file: "optional/content.json",
            dialects: [.draft07],
            group: "validation of string-encoded content based on media type",
            reason: "What strings contain is not looked at; later dialects say that it must not be asserted.",
            names: [
                "an invalid JSON document"
            ]
        ),
    ]
}
