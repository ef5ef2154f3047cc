import JSON

/// The YAML frontmatter at the beginning of a `SKILL.md`, as JSON.
enum Frontmatter {
    /// Why a file's frontmatter could not be read.
    enum Problem: Error {
        /// The file breaks a rule.
        case invalid(String)
        /// The frontmatter uses YAML that this reader does not know, so nothing can be said about it.
        case unsupported(String)
    }

    /// Reads the frontmatter between the first two lines of three hyphens.
    static func read(_ text: String) throws(Problem) -> JSONObject {
        let text = text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text
        var lines: [Substring] = []
        var isClosed = false
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let isFence = line.hasPrefix("---") && line.dropFirst(3).allSatisfy(\.isWhitespace)
            if index == 0 {
                guard isFence else { throw .invalid("it does not begin with a line \"---\"") }
            } else if isFence {
                isClosed = true
                break
            } else {
                lines.append(line)
            }
        }
        guard isClosed else { throw .invalid("its frontmatter is not closed by a second line \"---\"") }
        var reader = YAMLReader(lines)
        guard let object = try reader.document().object else { throw .invalid("its frontmatter is not a mapping") }
        if let key = object.duplicateKeys.first { throw .invalid("its frontmatter has the key \"\(key)\" twice") }
        return object
    }
}
